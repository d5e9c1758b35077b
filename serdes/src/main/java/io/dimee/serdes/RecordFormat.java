package io.dimee.serdes;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

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
   * @throws org.apache.kafka.common.errors.SerializationException when the record breaks its own
   *     schema, as with null in a field that must not be null
   */
  byte[] encode(String topic, T value);

  /**
   * Decodes a record.
   *
   * @param topic where the bytes came from
   * @param bytes as written by any version of the schema that this format knows, or null
   * @return the record, or null for null (a tombstone)
   * @throws UnreadableRecordException when the bytes are no such record; never allocates more than
   *     a small multiple of their length
   */
  T decode(String topic, byte[] bytes);

  /** Returns this format in Kafka's own terms; closing it does nothing. */
  default Serde<T> serde() {
    return Serdes.serdeFrom(this::encode, this::decode);
  }
}
