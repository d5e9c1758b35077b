package io.dimee.serdes;

/** Bytes that are no record of the expected type. Reading them again gives the same. */
public final class UnreadableRecordException extends RuntimeException {
  /** Creates the exception with a message that says what is wrong with the bytes. */
  public UnreadableRecordException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public UnreadableRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
