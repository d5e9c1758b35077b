package io.dimee.console;

import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.commons.io.output.WriterOutputStream;

/**
 * How a process logs; Log4j reads it when the first logger is made, so it comes before all else.
 */
public final class LogSetup {
  private static final String FORMAT = "DIMEE_LOG_FORMAT";
  private static final String TEXT = "text";
  private static final String JSON = "json";
  private static final String LEVEL = "DIMEE_LOG_LEVEL";

  private LogSetup() {}

  /**
   * Chooses the format that the environment names, brings what uses the JDK's own logging to the
   * same place, and makes standard error safe for a terminal ({@link TerminalWriter}).
   *
   * @throws ConfigurationException when there is no such format
   */
  public static void install(Map<String, String> environment) {
    String format = environment.getOrDefault(FORMAT, TEXT).strip();
    if (!format.equals(TEXT) && !format.equals(JSON)) {
      throw new ConfigurationException(
          "%s=%s is not a log format; valid: %s, %s".formatted(FORMAT, format, TEXT, JSON));
    }
    if (environment.containsKey(LEVEL)) {
      System.setProperty("dimee.log.broker", "NEUTRAL");
    }
    // read by the JDK when a library first logs through it, which costs nothing until then
    System.setProperty("java.util.logging.manager", "org.apache.logging.log4j.jul.LogManager");
    if (format.equals(JSON)) {
      // not one file with both: Log4j makes all appenders of a file, and this one takes a while
      System.setProperty(
          "log4j2.configurationFile",
          "classpath:log4j2.properties,classpath:log4j2-json.properties");
    }
    System.setErr(safe(System.err));
  }

  /** A stream of text in UTF-8 through which nothing goes that a terminal obeys. */
  static PrintStream safe(PrintStream stream) {
    try {
      return new PrintStream(
          WriterOutputStream.builder()
              .setWriter(new TerminalWriter(new PrintWriter(stream, true, StandardCharsets.UTF_8)))
              .setCharset(StandardCharsets.UTF_8)
              .setWriteImmediately(true)
              .get(),
          true,
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      // the builder opens files too, but none here
      throw new UncheckedIOException(e);
    }
  }
}
