package io.dimee.deploy.registry;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.broker.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Apicurio Registry in a JVM of its own, with nothing in it. */
final class RealRegistry implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path FOLDER = Path.of("target", "apicurio").toAbsolutePath();

  private final int port;
  private final Process process;

  private RealRegistry(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param java a command of JDK 21 or newer
   * @param log where its output goes
   */
  static RealRegistry start(Path java, Path log) throws IOException {
    int port = FreePort.find();
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-Xmx512m",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + FreePort.find(),
                "-jar",
                FOLDER.resolve("quarkus-run.jar").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    RealRegistry registry = new RealRegistry(port, process);
    try {
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .failFast("the registry ended, see " + log, () -> !process.isAlive())
          .until(registry::isReady);
      return registry;
    } catch (RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  private boolean isReady() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(confluentUrl() + "/subjects")).build();
    return HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.discarding())
            .statusCode()
        == 200;
  }

  private String root() {
    return "http://127.0.0.1:" + port + "/apis/";
  }

  /** Where clients of Confluent's interface connect. */
  String confluentUrl() {
    return root() + "ccompat/v7";
  }

  /** Where its own clients connect. */
  String ownUrl() {
    return root() + "registry/v3";
  }

  /** Sets which schemas may follow each other, by Confluent's interface. */
  void setCompatibility(String subject, String level) throws IOException, InterruptedException {
    send("PUT", "/config/" + subject, "{\"compatibility\":\"%s\"}".formatted(level));
  }

  /** Registers a schema of any type; returns its id. */
  int register(String subject, String type, String schema)
      throws IOException, InterruptedException {
    String body = JSON.writeValueAsString(Map.of("schemaType", type, "schema", schema));
    return JSON.readTree(send("POST", "/subjects/" + subject + "/versions", body))
        .get("id")
        .asInt();
  }

  private String send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(confluentUrl() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("%s %s: %s".formatted(method, path, response.body()));
    }
    return response.body();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
