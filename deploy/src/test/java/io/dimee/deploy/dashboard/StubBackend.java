package io.dimee.deploy.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dimee.broker.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** Serves the dashboard's page with states and answers that a test sets. */
final class StubBackend implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final AtomicReference<JsonNode> state = new AtomicReference<>();
  private final AtomicReference<Reply> answer = new AtomicReference<>();
  private final AtomicReference<JsonNode> asked = new AtomicReference<>();
  private HttpServer server;
  private ExecutorService threads;
  private final int port = FreePort.find();

  private record Reply(int status, JsonNode body) {}

  StubBackend() {
    up();
  }

  /** The JSON of a file beside this class. */
  static ObjectNode fixture(String name) {
    try (InputStream file = StubBackend.class.getResourceAsStream(name)) {
      return (ObjectNode) JSON.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts to answer, on the port that it had before. */
  void up() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/", this::file);
    server.createContext("/api/state", exchange -> send(exchange, new Reply(200, state.get())));
    server.createContext(
        "/api/ask",
        exchange -> {
          asked.set(JSON.readTree(exchange.getRequestBody()));
          send(exchange, answer.get());
        });
    server.start();
  }

  /** Answers no more, as when the process has ended. */
  void down() {
    server.stop(0);
    threads.shutdownNow();
  }

  void setState(JsonNode value) {
    state.set(value);
  }

  void setAnswer(int status, JsonNode body) {
    answer.set(new Reply(status, body));
  }

  /** What was asked last, or null. */
  JsonNode asked() {
    return asked.get();
  }

  String url() {
    return "http://127.0.0.1:" + port + "/";
  }

  private void file(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.equals("/") ? "index.html" : path.substring(1);
    try (InputStream file =
        getClass().getResourceAsStream("/io/dimee/node/dashboard/page/" + name)) {
      if (file == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        send(
            exchange,
            200,
            TYPES.get(name.substring(name.lastIndexOf('.') + 1)),
            file.readAllBytes());
      }
    }
    exchange.close();
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    byte[] body = reply.body().toString().getBytes(StandardCharsets.UTF_8);
    send(exchange, reply.status(), "application/json", body);
    exchange.close();
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange
        .getResponseHeaders()
        .set(
            "Content-Security-Policy",
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    down();
  }
}
