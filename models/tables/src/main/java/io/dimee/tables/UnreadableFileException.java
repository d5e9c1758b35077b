package io.dimee.tables;

/** A file that cannot be read as what it should be; the message names it, the place and why. */
public final class UnreadableFileException extends RuntimeException {
  /** Creates the exception. */
  public UnreadableFileException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public UnreadableFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
