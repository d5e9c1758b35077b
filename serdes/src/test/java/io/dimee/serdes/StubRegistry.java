package io.dimee.serdes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;

/** As much of a schema registry as failing takes; those of tests that succeed are real. */
final class StubRegistry implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final HttpServer server;
  private final List<String> schemas = new ArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Answer> told = new ConcurrentHashMap<>();
  private volatile int status = OK;

  /** What a path is answered with, whatever else holds. */
  private record Answer(int status, String body) {}

  /**
   * Starts to answer.
   *
   * @param schemas by id, from 1 on
   */
  StubRegistry(Schema... schemas) throws IOException {
    for (Schema schema : schemas) {
      this.schemas.add(schema.toString());
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Lets it answer everything with an error. */
  void fail(int with) {
    status = with;
  }

  /** Lets it answer an id with a schema as it stands there: a type, a text, references. */
  void put(int id, Map<String, Object> schema) throws IOException {
    answer("/schemas/ids/" + id, OK, JSON.writeValueAsString(schema));
  }

  /** Lets it answer a path with anything. */
  void answer(String path, int with, String body) {
    told.put(path, new Answer(with, body));
  }

  /** Paths that were asked for. */
  List<String> requests() {
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(path);
    Answer answer = told.get(path);
    if (answer != null) {
      send(exchange, answer.status(), answer.body());
    } else if (status != OK) {
      send(exchange, status, Map.of("error_code", status, "message", "as told"));
    } else if (path.startsWith("/schemas/ids/")) {
      int id = Integer.parseInt(path.substring("/schemas/ids/".length()));
      if (id < 1 || id > schemas.size()) {
        send(exchange, NOT_FOUND, Map.of("error_code", 40403, "message", "no such schema"));
      } else {
        send(exchange, OK, Map.of("schema", schemas.get(id - 1)));
      }
    } else if (exchange.getRequestMethod().equals("GET")) {
      send(exchange, NOT_FOUND, Map.of("error_code", 40401, "message", "no such subject"));
    } else {
      String schema = JSON.readTree(exchange.getRequestBody()).get("schema").asText();
      int id = schemas.indexOf(schema) + 1;
      if (id == 0) {
        send(exchange, NOT_FOUND, Map.of("error_code", 40403, "message", "no such schema"));
      } else {
        send(exchange, OK, Map.of("subject", "any", "version", 1, "id", id, "schema", schema));
      }
    }
  }

  private static void send(HttpExchange exchange, int code, Map<String, Object> body)
      throws IOException {
    send(exchange, code, JSON.writeValueAsString(body));
  }

  private static void send(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
