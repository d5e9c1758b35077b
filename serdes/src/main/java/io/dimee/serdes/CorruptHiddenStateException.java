package io.dimee.serdes;

/** A hidden state that cannot be what an encoder wrote. */
public final class CorruptHiddenStateException extends RuntimeException {
  /** Creates the exception with a message that names the defect. */
  public CorruptHiddenStateException(String message) {
    super(message);
  }
}
