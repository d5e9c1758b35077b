package io.dimee.node.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.node.http.WebServer;
import io.dimee.node.stages.Health;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationsTest {
  private final ProcessMeters meters = new ProcessMeters("edge");
  private final AtomicReference<List<Health>> health =
      new AtomicReference<>(
          List.of(new Health("mobile", true, true), new Health("router", true, false)));
  private final WebServer server =
      new Operations(meters, health::get).serve("127.0.0.1", 0, Set.of("tier.example"));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    server.close();
    meters.close();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void shouldBeLiveWhileEveryPartGoesOn() throws Exception {
    HttpResponse<String> live = get("health/live");

    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(live.body()).isEqualTo("{\"mobile\":true,\"router\":true}");
  }

  @Test
  void shouldNotBeReadyBeforeEveryPartIs() throws Exception {
    HttpResponse<String> before = get("health/ready");
    health.set(List.of(new Health("mobile", true, true), new Health("router", true, true)));
    HttpResponse<String> after = get("health/ready");

    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.body()).contains("\"router\":false");
    assertThat(after.statusCode()).isEqualTo(200);
  }

  @Test
  void shouldNotBeLiveOnceAPartIsStuck() throws Exception {
    health.set(List.of(new Health("mobile", false, true)));

    assertThat(get("health/live").statusCode()).isEqualTo(503);
  }

  @Test
  void shouldShowTheMetricsOfTheProcessAndItsParts() throws Exception {
    meters.registry().counter("dimee.layers", "tier", "edge").increment(7);

    HttpResponse<String> metrics = get("metrics");

    assertThat(metrics.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(metrics.body())
        .contains("dimee_layers_total{tier=\"edge\"} 7.0")
        .contains("jvm_memory_used_bytes", "process_cpu_usage");
  }

  @Test
  void shouldShowWhatRunsAndHowEachPartIs() throws Exception {
    String before = get("metrics").body();
    health.set(List.of(new Health("mobile", false, true), new Health("router", true, true)));
    String after = get("metrics").body();

    assertThat(before)
        .contains("dimee_build_info{process=\"edge\",version=\"")
        .contains("dimee_part_live{part=\"mobile\"} 1")
        .contains("dimee_part_ready{part=\"router\"} 0");
    assertThat(after)
        .contains("dimee_part_live{part=\"mobile\"} 0")
        .contains("dimee_part_ready{part=\"router\"} 1");
  }

  /** A page from elsewhere can make a name of its own point to this machine. */
  @Test
  void shouldAnswerToItsOwnNamesAlone() throws Exception {
    assertThat(ask("127.0.0.1:" + server.port(), "")).startsWith("HTTP/1.1 200");
    assertThat(ask("[::1]", "")).startsWith("HTTP/1.1 200");
    assertThat(ask("tier.example", "")).startsWith("HTTP/1.1 200");
    assertThat(ask("tier.example", "Origin: https://tier.example\r\n")).startsWith("HTTP/1.1 200");
    assertThat(ask("evil.example", "")).startsWith("HTTP/1.1 403");
    assertThat(ask("localhost", "Origin: http://evil.example\r\n")).startsWith("HTTP/1.1 403");
    assertThat(ask("localhost", "Sec-Fetch-Site: cross-site\r\n")).startsWith("HTTP/1.1 403");
    assertThat(ask("localhost", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  private String ask(String host, String headers) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /health/live HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n"
                  .formatted(host, headers)
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void shouldSayThatAPortIsTaken() {
    int taken = server.port();

    assertThatThrownBy(() -> WebServer.start("127.0.0.1", taken, Set.of(), config -> {}))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("http-port=%d cannot be used on 127.0.0.1: Address already in use", taken);
  }
}
