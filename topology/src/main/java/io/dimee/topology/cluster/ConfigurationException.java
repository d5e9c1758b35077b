package io.dimee.topology.cluster;

import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;

/**
 * A wrong use or configuration; the message is one line that names the key, the value and what
 * would be valid.
 */
public final class ConfigurationException extends RuntimeException {
  /** Creates the exception. */
  public ConfigurationException(String message) {
    super(message);
  }

  /**
   * Makes a value of what the user wrote.
   *
   * @throws ConfigurationException with the same message when the value's own checks refuse it
   */
  public static <T> T check(Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException | ConfigException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  /**
   * Requires a number of 1 or more.
   *
   * @throws ConfigurationException naming the key when it is less
   */
  public static void requirePositive(String key, long value) {
    if (value < 1) {
      throw new ConfigurationException("%s=%d must be 1 or more".formatted(key, value));
    }
  }

  /** Creates the exception with its cause. */
  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
