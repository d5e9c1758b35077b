package io.dimee.serdes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.DatumReader;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Avro single-object encoding: the two bytes C3 01, the writer schema's 64-bit Rabin fingerprint
 * (little-endian), the Avro binary body.
 *
 * <p>Encodes with Avro's {@code BinaryMessageEncoder}, which keeps one encoder a thread. Its
 * counterpart for decoding reads through a stream, where a hostile length is only noticed after the
 * memory for it was taken, and does not see trailing bytes; this class decodes from the array.
 * Holds no state that changes, so it is safe for several threads.
 */
final class SingleObjectFormat<T extends SpecificRecord> implements RecordFormat<T> {
  private static final byte MARKER = (byte) 0xC3;
  private static final byte VERSION = 1;
  private static final int HEADER = 2 + Long.BYTES;

  /** First bytes of Confluent's formats: a 4-byte id follows 0, a 16-byte GUID follows 1. */
  private static final byte REGISTRY_ID = 0;

  private static final byte REGISTRY_GUID = 1;

  private final String name;
  private final BinaryMessageEncoder<T> encoder;
  private final Map<Long, DatumReader<T>> readers = new HashMap<>();

  /**
   * Creates a format.
   *
   * @param others writer schemas that are read besides all versions of the type's own; those of
   *     other types are left aside
   * @throws IllegalArgumentException when one of them lets a record take time or stack without end
   */
  SingleObjectFormat(Class<T> type, List<Schema> others) {
    AvroTrust.extendTo(type);
    SpecificData model = SpecificData.getForClass(type);
    Schema schema = model.getSchema(type);
    this.name = type.getSimpleName();
    this.encoder = new BinaryMessageEncoder<>(model, schema);
    List<Schema> writers = new ArrayList<>(WriterSchemas.of(type));
    writers.addAll(others);
    for (Schema writer : writers) {
      if (writer.getFullName().equals(schema.getFullName())) {
        String excess = SchemaBounds.excess(writer);
        if (excess != null) {
          throw new IllegalArgumentException("a schema of %s %s".formatted(name, excess));
        }
        readers.put(fingerprint(writer), new SpecificDatumReader<>(writer, schema, model));
      }
    }
    readers.put(fingerprint(schema), new SpecificDatumReader<>(schema, schema, model));
  }

  private static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }

  @Override
  public byte[] encode(String topic, T value) {
    if (value == null) {
      return null;
    }
    try {
      return encoder.encode(value).array();
    } catch (IOException | RuntimeException e) {
      // memory does not fail, so the record breaks its schema; Avro then throws what comes:
      // NullPointerException, ClassCastException, its own
      throw new SerializationException(
          "%s for topic %s cannot be encoded: %s".formatted(name, topic, e.getMessage()), e);
    }
  }

  @Override
  public T decode(String topic, byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    return AvroBody.decode(reader(topic, bytes), topic, name, bytes, HEADER);
  }

  private DatumReader<T> reader(String topic, byte[] bytes) {
    if (bytes.length > 0 && bytes[0] == REGISTRY_ID) {
      throw unreadable(
          topic,
          "its first byte is 0, so it is in Confluent's wire format, but no schema registry is set; set the one"
              + " that has its schema with --schema-registry-url");
    }
    if (bytes.length > 0 && bytes[0] == REGISTRY_GUID) {
      throw unreadable(
          topic,
          "its first byte is 1, so it names its schema in a registry by a GUID, which is not read; valid: by an id");
    }
    if (bytes.length < HEADER || bytes[0] != MARKER || bytes[1] != VERSION) {
      throw unreadable(
          topic, "it does not begin with the header of Avro single-object encoding, C3 01");
    }
    long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    DatumReader<T> reader = readers.get(fingerprint);
    if (reader == null) {
      throw unreadable(
          topic,
          "its schema fingerprint %016x matches none of the %d known versions of %s"
              .formatted(fingerprint, readers.size(), name));
    }
    return reader;
  }

  private UnreadableRecordException unreadable(String topic, String why) {
    return AvroBody.unreadable(topic, name, why, null);
  }
}
