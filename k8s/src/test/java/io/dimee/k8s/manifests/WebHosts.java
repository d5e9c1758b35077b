package io.dimee.k8s.manifests;

import io.dimee.node.http.WebServer;
import io.dimee.node.operations.Operations;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.node.stages.Health;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ParseResult;

/** The web server that a command starts, as far as it looks at whom a request is for. */
public final class WebHosts implements AutoCloseable {
  private final ProcessMeters meters = new ProcessMeters("test");
  private final WebServer server;

  private WebHosts(Set<String> names, boolean ready) {
    server =
        new Operations(meters, () -> List.of(new Health("part", true, ready)))
            .serve("127.0.0.1", 0, names);
  }

  /** Starts it with the names that parsed arguments give it. */
  public static WebHosts of(ParseResult parsed) {
    List<String> names = parsed.subcommand().commandSpec().findOption("--http-name").getValue();
    return new WebHosts(Set.copyOf(names), true);
  }

  /** Starts one that knows no names. */
  public static WebHosts thatIs(boolean ready) {
    return new WebHosts(Set.of(), ready);
  }

  /** Where it listens. */
  public int port() {
    return server.port();
  }

  /** Whether it answers a request for a host, which may have a port. */
  public boolean takes(String host) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String request = "GET /metrics HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.formatted(host).getBytes(StandardCharsets.US_ASCII));
      String status =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      if (!status.matches("HTTP/1.1 (200|403) .*")) {
        throw new IOException(status);
      }
      return status.contains(" 200 ");
    } catch (IOException e) {
      throw new UncheckedIOException(host, e);
    }
  }

  @Override
  public void close() {
    server.close();
    meters.close();
  }
}
