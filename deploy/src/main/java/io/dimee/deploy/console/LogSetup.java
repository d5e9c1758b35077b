package io.dimee.deploy.console;

import io.dimee.deploy.ConfigurationException;
import java.util.Map;

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
   * Chooses the format that the environment names, and brings what uses the JDK's own logging to
   * the same place.
   *
   * @throws ConfigurationException when there is no such format
   */
  public static void install(Map<String, String> environment) {
    String format = environment.getOrDefault(FORMAT, TEXT);
    if (!format.equals(TEXT) && !format.equals(JSON)) {
      throw new ConfigurationException(
          "%s=%s is no format; valid: %s, %s".formatted(FORMAT, format, TEXT, JSON));
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
  }
}
