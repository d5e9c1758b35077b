package io.dimee.client.probe;

import io.dimee.topology.cluster.KafkaSettings;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Utils;

/**
 * Asks whether a Kafka broker answers where one is said to be, and if none does, what is there
 * instead. Kafka's own clients try for a minute and then name neither the address nor the cause.
 */
public final class BrokerProbe {
  private static final int CORRELATION_ID = 0x64696d65;
  private static final long RETRY_MILLIS = 200;
  private static final int LEAST_TIMEOUT_MILLIS = 100;

  /** ApiVersions, version 0: the one request that every broker answers before anything else. */
  private static final byte[] API_VERSIONS =
      ByteBuffer.allocate(14)
          .putInt(10)
          .putShort(ApiKeys.API_VERSIONS.id)
          .putShort((short) 0)
          .putInt(CORRELATION_ID)
          .putShort((short) -1)
          .array();

  private static final byte[] HTTP_REQUEST =
      "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final List<String> servers;
  private final boolean isEncrypted;

  /** Creates a probe of the bootstrap servers; connects to nothing yet. */
  public BrokerProbe(KafkaSettings settings) {
    this.servers = List.of(settings.bootstrapServers().trim().split("\\s*,\\s*"));
    String protocol =
        settings
            .overrides()
            .getOrDefault(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL);
    this.isEncrypted =
        protocol.equalsIgnoreCase(SecurityProtocol.SSL.name)
            || protocol.equalsIgnoreCase(SecurityProtocol.SASL_SSL.name);
  }

  /**
   * Tries all servers again and again until one answers or time is up.
   *
   * @return nothing when one answers, else a line that says for each server what is there instead
   */
  public Optional<String> failure(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      List<String> found = new ArrayList<>();
      for (int i = 0; i < servers.size(); i++) {
        Optional<String> failure = ask(servers.get(i), share(end, servers.size() - i));
        if (failure.isEmpty()) {
          return Optional.empty();
        }
        found.add("%s (%s)".formatted(servers.get(i), failure.get()));
      }
      if (end - System.nanoTime() < Duration.ofMillis(RETRY_MILLIS).toNanos()) {
        return Optional.of("no broker answers at " + String.join(", ", found));
      }
      Thread.sleep(RETRY_MILLIS);
    }
  }

  /** Milliseconds for one of several servers, of those left for all. */
  private static int share(long end, int servers) {
    long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
    return Math.max(LEAST_TIMEOUT_MILLIS, (int) (left / servers));
  }

  private Optional<String> ask(String server, int timeoutMillis) {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(Utils.getHost(server));
    } catch (UnknownHostException e) {
      return Optional.of("unknown host");
    }
    Optional<String> failure = Optional.empty();
    for (InetAddress address : addresses) {
      InetSocketAddress place = new InetSocketAddress(address, Utils.getPort(server));
      failure = ask(place, Math.max(LEAST_TIMEOUT_MILLIS, timeoutMillis / addresses.length));
      if (failure.isEmpty()) {
        return failure;
      }
    }
    return failure;
  }

  private Optional<String> ask(InetSocketAddress place, int timeoutMillis) {
    // what is no broker is asked three times: a third of the time each
    int timeout = Math.max(LEAST_TIMEOUT_MILLIS, timeoutMillis / 3);
    try {
      boolean isBroker = isEncrypted ? speaksTls(place, timeout) : speaksKafka(place, timeout);
      return isBroker ? Optional.empty() : Optional.of(whatElse(place, timeout));
    } catch (ConnectException e) {
      return Optional.of("connection refused");
    } catch (SocketTimeoutException e) {
      return Optional.of("no connection within %d ms".formatted(timeout));
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Socket connect(InetSocketAddress place, int timeoutMillis) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(place, timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static boolean speaksKafka(InetSocketAddress place, int timeoutMillis)
      throws IOException {
    try (Socket socket = connect(place, timeoutMillis)) {
      byte[] answer = answer(socket, API_VERSIONS, 2 * Integer.BYTES);
      return answer.length == 2 * Integer.BYTES
          && ByteBuffer.wrap(answer).getInt(Integer.BYTES) == CORRELATION_ID;
    }
  }

  /** What a server says to a request, as far as it says anything before it is silent or gone. */
  private static byte[] answer(Socket socket, byte[] request, int bytes) throws IOException {
    try {
      socket.getOutputStream().write(request);
      return socket.getInputStream().readNBytes(bytes);
    } catch (IOException e) {
      // silent, or gone because it does not like what it got: either way it is something else
      return new byte[0];
    }
  }

  /** Whether TLS is spoken; whom the certificate is for is the client's to judge. */
  private static boolean speaksTls(InetSocketAddress place, int timeoutMillis) throws IOException {
    try (Socket socket = connect(place, timeoutMillis);
        SSLSocket tls =
            (SSLSocket)
                ((SSLSocketFactory) SSLSocketFactory.getDefault())
                    .createSocket(socket, place.getHostString(), place.getPort(), true)) {
      tls.startHandshake();
      return true;
    } catch (ConnectException e) {
      throw e;
    } catch (SSLException e) {
      // an unknown certificate, or none of ours, is refused in TLS; other bytes are no TLS record
      return !String.valueOf(e.getMessage()).contains("Unsupported or unrecognized SSL message")
          && !(e.getCause() instanceof EOFException);
    } catch (IOException e) {
      // silent, or gone because it does not like what it got
      return false;
    }
  }

  private String whatElse(InetSocketAddress place, int timeoutMillis) throws IOException {
    if (isEncrypted) {
      return speaksKafka(place, timeoutMillis)
          ? "it speaks Kafka without TLS; set security.protocol to PLAINTEXT or SASL_PLAINTEXT"
          : other(place, timeoutMillis);
    }
    return speaksTls(place, timeoutMillis)
        ? "it speaks TLS; set security.protocol to SSL or SASL_SSL"
        : other(place, timeoutMillis);
  }

  private static String other(InetSocketAddress place, int timeoutMillis) throws IOException {
    try (Socket socket = connect(place, timeoutMillis)) {
      byte[] answer = answer(socket, HTTP_REQUEST, "HTTP/".length());
      if (new String(answer, StandardCharsets.ISO_8859_1).equals("HTTP/")) {
        return "an HTTP server answers";
      }
      return answer.length == 0
          ? "it accepts connections but does not answer"
          : "it is not a Kafka broker";
    }
  }
}
