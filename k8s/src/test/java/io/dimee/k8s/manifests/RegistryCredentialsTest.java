package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.dimee.cli.Dimee;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that asks for a user, as docs/kubernetes.md says to tell the processes of it. */
class RegistryCredentialsTest {
  private static final byte[] UNKNOWN =
      "{\"error_code\":40401,\"message\":\"unknown\"}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path mounted;

  private final Queue<String> credentials = new ConcurrentLinkedQueue<>();
  private HttpServer registry;

  @BeforeEach
  void start() throws IOException {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/",
        exchange -> {
          credentials.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(404, UNKNOWN.length);
          exchange.getResponseBody().write(UNKNOWN);
          exchange.close();
        });
    registry.start();
  }

  @AfterEach
  void stop() {
    registry.stop(0);
  }

  @Test
  void shouldBeTakenFromTheOneFileOfSettingsWhichMayBeASecret() throws IOException {
    // Given the file of the ConfigMap with the registry's lines behind it
    Path secret = mounted.resolve("kafka.properties");
    Files.writeString(
        secret,
        Files.readString(Path.of("base/config/kafka.properties"))
            + """
            basic.auth.credentials.source=USER_INFO
            basic.auth.user.info=dimee:secret
            """);

    // When
    new Dimee(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), Map.of())
        .run(
            "schemas",
            "check",
            "--kafka-config",
            secret.toString(),
            "--schema-registry-url",
            "http://127.0.0.1:" + registry.getAddress().getPort());

    // Then
    String user =
        Base64.getEncoder().encodeToString("dimee:secret".getBytes(StandardCharsets.UTF_8));
    assertThat(credentials).isNotEmpty().containsOnly("Basic " + user);
  }
}
