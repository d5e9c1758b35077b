package io.dimee.node.tracing;

import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.tracing.EventTracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The traces of this process, as OpenTelemetry's own environment variables have them. Nothing is
 * recorded, and no class of the SDK is loaded, unless {@code OTEL_TRACES_EXPORTER} names an
 * exporter.
 */
public final class Tracing implements AutoCloseable {
  private static final String EXPORTER = "OTEL_TRACES_EXPORTER";
  private static final String NONE = "none";
  private static final List<String> PROTOCOLS =
      List.of("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL");
  private static final String PREFIX = "OTEL_";
  private static final String HTTP = "http/protobuf";

  private final EventTracer tracer;
  private final Runnable closing;

  private Tracing(EventTracer tracer, Runnable closing) {
    this.tracer = tracer;
    this.closing = closing;
  }

  /**
   * Starts what the environment asks for.
   *
   * @param all variables, of which OpenTelemetry's count
   * @param service name of this process in traces, unless the environment has one
   * @throws ConfigurationException when a variable's value is none
   */
  public static Tracing open(Map<String, String> all, String service) {
    Map<String, String> environment = new HashMap<>(all);
    // empty is unset, by OpenTelemetry's specification
    environment.values().removeIf(String::isEmpty);
    if (environment.getOrDefault(EXPORTER, NONE).equals(NONE)) {
      return new Tracing(EventTracer.off(), () -> {});
    }
    for (String protocol : PROTOCOLS) {
      String value = environment.getOrDefault(protocol, HTTP);
      if (!value.equals(HTTP)) {
        throw new ConfigurationException(
            "%s=%s is not supported; valid: %s".formatted(protocol, value, HTTP));
      }
    }
    return Sdk.start(environment, service);
  }

  /** Traces events of this process; a span that ends after {@link #close} is lost. */
  public EventTracer tracer() {
    return tracer;
  }

  /** Sends what is recorded; waits no longer than ten seconds for a collector. */
  @Override
  public void close() {
    closing.run();
  }

  /** All that needs the SDK's classes. */
  private static final class Sdk {
    private Sdk() {}

    static Tracing start(Map<String, String> environment, String service) {
      try {
        OpenTelemetrySdk sdk =
            AutoConfiguredOpenTelemetrySdk.builder()
                // its owner closes it, after all that records
                .disableShutdownHook()
                .addPropertiesCustomizer(given -> properties(given, environment, service))
                .build()
                .getOpenTelemetrySdk();
        return new Tracing(new EventTracer(sdk), sdk::close);
      } catch (io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException e) {
        throw new ConfigurationException("tracing: " + message(e), e);
      }
    }

    private static Map<String, String> properties(
        ConfigProperties given, Map<String, String> environment, String service) {
      Map<String, String> properties = new HashMap<>();
      properties.put("otel.service.name", service);
      // the sender that is on the class path, the JDK's, knows no gRPC
      properties.put("otel.exporter.otlp.protocol", HTTP);
      environment.forEach(
          (name, value) -> {
            if (name.startsWith(PREFIX)) {
              properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
          });
      properties.keySet().removeIf(name -> given.getString(name) != null);
      // metrics are Prometheus' and logs are Log4j's
      properties.put("otel.metrics.exporter", NONE);
      properties.put("otel.logs.exporter", NONE);
      return properties;
    }

    /** What only the cause says stands for "unexpected configuration error". */
    private static String message(Exception e) {
      Throwable cause = e.getCause();
      return cause == null || cause.getMessage() == null
          ? e.getMessage()
          : "%s: %s".formatted(e.getMessage(), cause.getMessage());
    }
  }
}
