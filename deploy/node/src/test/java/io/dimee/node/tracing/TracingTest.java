package io.dimee.node.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.dimee.topology.cluster.ConfigurationException;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracingTest {
  @ParameterizedTest
  @CsvSource({"OTEL_SERVICE_NAME, x", "OTEL_TRACES_EXPORTER, none", "OTEL_TRACES_EXPORTER, ''"})
  void shouldRecordNothingUnlessItIsAskedTo(String variable, String value) {
    try (Tracing tracing = Tracing.open(Map.of(variable, value), "service")) {
      assertThat(tracing.tracer().send("topic", "id")).isSameAs(Span.getInvalid());
    }
  }

  /** Keeps what is posted to it. */
  private static final class Collector implements AutoCloseable {
    private final List<String> posted = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    Collector() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/v1/traces",
          exchange -> {
            posted.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
    }

    /** Variables that send traces here, and others. */
    Map<String, String> environment(Map<String, String> others) {
      Map<String, String> all = new HashMap<>(others);
      all.put("OTEL_TRACES_EXPORTER", "otlp");
      all.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + server.getAddress().getPort());
      return all;
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @Test
  void shouldSendWhatItHasRecordedWhenItIsClosed() throws IOException {
    try (Collector collector = new Collector()) {
      // Given an interval that ends after the test
      Map<String, String> environment =
          collector.environment(
              Map.of(
                  "OTEL_BSP_SCHEDULE_DELAY", "600000",
                  "OTEL_METRICS_EXPORTER", "otlp",
                  "OTEL_EXPORTER_OTLP_PROTOCOL", ""));
      try (Tracing tracing = Tracing.open(environment, "the-service")) {
        tracing.tracer().send("the-topic", "the-event").end();
        assertThat(collector.posted).isEmpty();

        // When it is closed, then all of it is there, and nothing but traces was set up
      }
      assertThat(collector.posted)
          .singleElement()
          .asString()
          .contains("the-service", "send the-topic", "the-event", "messaging.system");
    }
  }

  @Test
  void shouldKeepTheNameThatTheEnvironmentGivesTheService() throws IOException {
    try (Collector collector = new Collector()) {
      Map<String, String> environment =
          collector.environment(Map.of("OTEL_SERVICE_NAME", "edge-of-ours"));

      try (Tracing tracing = Tracing.open(environment, "the-service")) {
        tracing.tracer().send("topic", "id").end();
      }

      assertThat(collector.posted)
          .singleElement()
          .asString()
          .contains("edge-of-ours")
          .doesNotContain("the-service");
    }
  }

  @Test
  void shouldRecordAsOftenAsTheSamplerSays() throws IOException {
    try (Collector collector = new Collector()) {
      Map<String, String> environment =
          collector.environment(
              Map.of(
                  "OTEL_TRACES_SAMPLER",
                  "parentbased_traceidratio",
                  "OTEL_TRACES_SAMPLER_ARG",
                  "0"));

      try (Tracing tracing = Tracing.open(environment, "service")) {
        Span span = tracing.tracer().send("topic", "id");
        span.end();

        // the trace has an id that goes along, so that logs can name it
        assertThat(span.getSpanContext().isValid()).isTrue();
        assertThat(span.getSpanContext().isSampled()).isFalse();
      }

      assertThat(collector.posted).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_TRACES_EXPORTER, oltp, oltp",
    "OTEL_EXPORTER_OTLP_ENDPOINT, nowhere, nowhere",
    "OTEL_EXPORTER_OTLP_PROTOCOL, grpc, OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL, smoke, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=smoke",
    "OTEL_TRACES_SAMPLER, sometimes, sometimes",
    "OTEL_TRACES_SAMPLER_ARG, 2, ratio must be in range",
    "OTEL_BSP_MAX_QUEUE_SIZE, -1, maxQueueSize must be positive",
    "OTEL_EXPORTER_OTLP_HEADERS, none, otel.exporter.otlp.headers"
  })
  void shouldSayInOneLineWhatIsWrong(String variable, String value, String part) {
    // Given
    Map<String, String> environment =
        new HashMap<>(
            Map.of("OTEL_TRACES_EXPORTER", "otlp", "OTEL_TRACES_SAMPLER", "traceidratio"));
    environment.put(variable, value);

    // Then
    assertThatThrownBy(() -> Tracing.open(environment, "service").close())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(part)
        .hasMessageNotContaining("\n");
  }
}
