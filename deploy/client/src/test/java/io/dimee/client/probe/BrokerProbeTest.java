package io.dimee.client.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.dimee.broker.FreePort;
import io.dimee.testing.Certificates;
import io.dimee.testing.StubBroker;
import io.dimee.topology.cluster.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class BrokerProbeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** For what is known at the first look. */
  private static final Duration ONE_LOOK = Duration.ofMillis(200);

  @Test
  void shouldSayThatNothingListens() throws InterruptedException {
    String server = "127.0.0.1:" + FreePort.find();

    assertThat(probe(server, "PLAINTEXT").failure(ONE_LOOK))
        .contains("no broker answers at %s (connection refused)".formatted(server));
  }

  @Test
  void shouldSayThatTheHostIsUnknown() throws InterruptedException {
    assertThat(probe("nowhere.invalid:9092", "PLAINTEXT").failure(ONE_LOOK))
        .contains("no broker answers at nowhere.invalid:9092 (unknown host)");
  }

  @Test
  void shouldSayThatAnHttpServerAnswers() throws IOException, InterruptedException {
    HttpServer http = HttpServer.create(loopback(), 0);
    http.start();
    try {
      String server = address(http.getAddress());

      assertThat(probe(server, "PLAINTEXT").failure(PATIENCE))
          .contains("no broker answers at %s (an HTTP server answers)".formatted(server));
      assertThat(probe(server, "SASL_SSL").failure(PATIENCE))
          .contains("no broker answers at %s (an HTTP server answers)".formatted(server));
    } finally {
      http.stop(0);
    }
  }

  @Test
  void shouldSayThatTlsIsSpoken(@TempDir Path directory) throws Exception {
    HttpsServer https = HttpsServer.create(loopback(), 0);
    https.setHttpsConfigurator(
        new HttpsConfigurator(Certificates.create(directory, "changeit").context()));
    ExecutorService threads = Executors.newCachedThreadPool();
    https.setExecutor(threads);
    https.start();
    try {
      String server = address(https.getAddress());

      assertThat(probe(server, "PLAINTEXT").failure(PATIENCE))
          .contains(
              "no broker answers at %s (it speaks TLS; set security.protocol to SSL or SASL_SSL)"
                  .formatted(server));
    } finally {
      https.stop(0);
      threads.shutdownNow();
    }
  }

  @Test
  void shouldSayThatAServerIsSilent() throws IOException, InterruptedException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String server = "127.0.0.1:" + silent.getLocalPort();

      assertThat(probe(server, "PLAINTEXT").failure(PATIENCE))
          .contains(
              "no broker answers at %s (it accepts connections but does not answer)"
                  .formatted(server));
    }
  }

  @Test
  void shouldSayWhatIsAtEachOfSeveralServers() throws InterruptedException {
    String first = "127.0.0.1:" + FreePort.find();
    String second = "nowhere.invalid:9092";

    assertThat(probe(first + " , " + second, "PLAINTEXT").failure(ONE_LOOK))
        .contains(
            "no broker answers at %s (connection refused), %s (unknown host)"
                .formatted(first, second));
  }

  @Test
  void shouldTakeABrokerThatComesAfterAWhile() throws Exception {
    // Given a server that closes its first connection, as one that is starting
    try (ServerSocket starting = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread broker = new Thread(() -> closeThenAnswer(starting));
      broker.start();

      assertThat(
              probe("127.0.0.1:" + starting.getLocalPort(), "PLAINTEXT")
                  .failure(Duration.ofSeconds(20)))
          .isEmpty();
      broker.join();
    }
  }

  private static void closeThenAnswer(ServerSocket server) {
    try {
      // the three questions of the first round
      for (int i = 0; i < 3; i++) {
        server.accept().close();
      }
      StubBroker.answer(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BrokerProbe probe(String servers, String protocol) {
    return new BrokerProbe(new KafkaSettings(servers, Map.of("security.protocol", protocol)));
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static String address(InetSocketAddress at) {
    return "127.0.0.1:" + at.getPort();
  }
}
