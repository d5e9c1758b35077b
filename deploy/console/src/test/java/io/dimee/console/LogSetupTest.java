package io.dimee.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.topology.cluster.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogSetupTest {
  private static final String LAYOUT = "appender.console.layout.";

  @ParameterizedTest
  @ValueSource(strings = {"xml", "JSON", ""})
  void shouldNameTheFormatThatIsNone(String format) {
    assertThatThrownBy(() -> LogSetup.install(Map.of("DIMEE_LOG_FORMAT", format)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("DIMEE_LOG_FORMAT=%s is not a log format; valid: text, json".formatted(format));
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

  @Test
  void shouldMakeStandardErrorSafeByteByByte() throws IOException {
    // Given
    ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    PrintStream safe = LogSetup.safe(new PrintStream(terminal, true, StandardCharsets.UTF_8));

    // When characters come in pieces
    for (byte b :
        "\u00e9 \u001b[2J \u009b \u202e \ud83d\ude42\n".getBytes(StandardCharsets.UTF_8)) {
      safe.write(b);
    }

    // Then
    assertThat(terminal.toString(StandardCharsets.UTF_8))
        .isEqualTo("\u00e9 \\u001B[2J \\u009B \\u202E \ud83d\ude42\n");
  }

  @Test
  void shouldSetInWhatAMessageWouldPassOffAsALine() throws IOException {
    // Given the layout of the program
    Properties properties = new Properties();
    try (InputStream file = LogSetup.class.getResourceAsStream("/log4j2.properties")) {
      properties.load(file);
    }
    PatternLayout layout =
        PatternLayout.newBuilder()
            .setPattern(properties.getProperty(LAYOUT + "pattern"))
            .setAlwaysWriteExceptions(
                Boolean.parseBoolean(properties.getProperty(LAYOUT + "alwaysWriteExceptions")))
            .build();

    // When
    String line =
        layout.toSerializable(
            Log4jLogEvent.newBuilder()
                .setLevel(Level.WARN)
                .setLoggerName("io.dimee.A")
                .setMessage(new SimpleMessage("values:\n\ta = 1\n00:00:00.000 ERROR B forged"))
                .setThrown(new IllegalStateException("x\n00:00:00.000 ERROR C forged"))
                .build());

    // Then
    assertThat(line).contains(" WARN  A values:\n\ta = 1\n    00:00:00.000 ERROR B forged\n");
    assertThat(line).contains("IllegalStateException: x\n    00:00:00.000 ERROR C").endsWith("\n");
    assertThat(line.lines().skip(1)).allMatch(text -> text.matches("\\s.*|java\\.lang\\..*"));
  }

  @Test
  void shouldEndALineOnce() throws IOException {
    Properties properties = new Properties();
    try (InputStream file = LogSetup.class.getResourceAsStream("/log4j2.properties")) {
      properties.load(file);
    }
    PatternLayout layout =
        PatternLayout.newBuilder().setPattern(properties.getProperty(LAYOUT + "pattern")).build();

    assertThat(
            layout.toSerializable(
                Log4jLogEvent.newBuilder()
                    .setLevel(Level.WARN)
                    .setLoggerName("io.dimee.A")
                    .setMessage(new SimpleMessage("one"))
                    .build()))
        .endsWith(" WARN  A one\n")
        .hasLineCount(1);
  }
}
