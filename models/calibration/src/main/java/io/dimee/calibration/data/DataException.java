package io.dimee.calibration.data;

/** Training data that cannot be used; the message names file, line and column. */
public final class DataException extends RuntimeException {
  /** Creates the exception. */
  public DataException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
