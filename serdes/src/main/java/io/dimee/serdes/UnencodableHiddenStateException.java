package io.dimee.serdes;

/** A matrix that a codec cannot represent: it is not finite, or too large for the codec. */
public final class UnencodableHiddenStateException extends IllegalArgumentException {
  /** Creates the exception with a message that names the value and its token. */
  public UnencodableHiddenStateException(String message) {
    super(message);
  }
}
