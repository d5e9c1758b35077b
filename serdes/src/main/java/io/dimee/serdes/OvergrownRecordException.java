package io.dimee.serdes;

/**
 * Bytes that may be a record, with more items in its arrays, or more entries in its maps, than are
 * read: in memory they would take many times their bytes.
 */
public final class OvergrownRecordException extends UnreadableRecordException {
  /** Creates the exception with a message that says what there is too much of. */
  public OvergrownRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
