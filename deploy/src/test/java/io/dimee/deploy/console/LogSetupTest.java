package io.dimee.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.deploy.ConfigurationException;
import java.net.URI;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogSetupTest {
  @ParameterizedTest
  @ValueSource(strings = {"xml", "JSON", ""})
  void shouldNameTheFormatThatIsNone(String format) {
    assertThatThrownBy(() -> LogSetup.install(Map.of("DIMEE_LOG_FORMAT", format)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("DIMEE_LOG_FORMAT=%s is no format; valid: text, json".formatted(format));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka.server.ReplicaManager",
        "org.apache.kafka.storage.internals.log.UnifiedLog",
        "org.apache.kafka.coordinator.group.GroupCoordinatorService",
        "state.change.logger"
      })
  void shouldKeepTheBrokersErrorsOffTheTerminalExceptThoseThatEndIt(String logger) {
    assertThat(isShown(logger, null)).isFalse();
    assertThat(isShown(logger, "FATAL")).isTrue();
  }

  @Test
  void shouldShowWhatEndsTheBrokerAndWhatEndsClients() {
    assertThat(isShown("org.apache.kafka.server.fault.ProcessTerminatingFaultHandler", null))
        .isTrue();
    assertThat(isShown("org.apache.kafka.clients.NetworkClient", null)).isTrue();
  }

  /** Whether an error reaches standard error by the program's own configuration. */
  private static boolean isShown(String logger, String marker) {
    try (LoggerContext context =
        new LoggerContext("test", null, URI.create("classpath:log4j2.properties"))) {
      context.start();
      LoggerConfig config = context.getConfiguration().getLoggerConfig(logger);
      Log4jLogEvent error =
          Log4jLogEvent.newBuilder()
              .setLoggerName(logger)
              .setLevel(Level.ERROR)
              .setMarker(marker == null ? null : MarkerManager.getMarker(marker))
              .build();
      return config.getLevel().isLessSpecificThan(Level.ERROR) && !config.isFiltered(error);
    }
  }
}
