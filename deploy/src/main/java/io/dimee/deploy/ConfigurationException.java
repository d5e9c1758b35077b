package io.dimee.deploy;

/**
 * A wrong use or configuration; the message is one line that names the key, the value and what
 * would be valid.
 */
public final class ConfigurationException extends RuntimeException {
  /** Creates the exception. */
  public ConfigurationException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
