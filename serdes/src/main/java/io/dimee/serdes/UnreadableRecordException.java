package io.dimee.serdes;

import org.apache.kafka.common.errors.SerializationException;

/**
 * Bytes that are no record of the expected type. Reading them again gives the same, so the record
 * belongs to the dead letters. Whatever else a {@link RecordFormat} throws is not about the bytes.
 */
public sealed class UnreadableRecordException extends SerializationException
    permits OvergrownRecordException {
  /** Creates the exception with a message that says what is wrong with the bytes. */
  public UnreadableRecordException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public UnreadableRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
