package io.dimee.serdes;

import org.apache.avro.specific.SpecificRecord;

/**
 * How one type of record is laid out on the wire. Implementations are safe for several threads.
 *
 * @param <T> the record
 */
public interface RecordFormat<T extends SpecificRecord> {
  /**
   * Encodes a record.
   *
   * @param topic where it goes; registries name schemas by topic
   * @return the bytes, or null for null (a tombstone)
   */
  byte[] encode(String topic, T value);

  /**
   * Decodes a record.
   *
   * @param bytes as written by any version of the schema that this format knows, or null
   * @return the record, or null for null (a tombstone)
   * @throws UnreadableRecordException when the bytes are no such record; never allocates more than
   *     a small multiple of their length
   */
  T decode(String topic, byte[] bytes);
}
