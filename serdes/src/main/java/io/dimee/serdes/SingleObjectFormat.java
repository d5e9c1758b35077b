package io.dimee.serdes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro single-object encoding: the two bytes C3 01, the writer schema's 64-bit Rabin fingerprint
 * (little-endian), the Avro binary body.
 *
 * <p>Avro's own {@code BinaryMessageDecoder} reads through a stream, where a hostile length is only
 * noticed after the memory for it was taken; this one decodes from the array, where Avro checks
 * each length against what is left.
 */
final class SingleObjectFormat<T extends SpecificRecord> implements RecordFormat<T> {
  private static final byte MARKER = (byte) 0xC3;
  private static final byte VERSION = 1;
  private static final int HEADER = 2 + Long.BYTES;
  private static final int TYPICAL_SIZE = 512;

  private final String name;
  private final byte[] header;
  private final SpecificDatumWriter<T> writer;
  private final Map<Long, SpecificDatumReader<T>> readers = new HashMap<>();

  /**
   * Creates a format.
   *
   * @param earlier writer schemas that are read besides the type's own
   */
  SingleObjectFormat(Class<T> type, List<Schema> earlier) {
    this.name = type.getSimpleName();
    SpecificData model = SpecificData.getForClass(type);
    Schema schema = model.getSchema(type);
    long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
    this.header =
        ByteBuffer.allocate(HEADER)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MARKER)
            .put(VERSION)
            .putLong(fingerprint)
            .array();
    this.writer = new SpecificDatumWriter<>(schema, model);
    readers.put(fingerprint, new SpecificDatumReader<>(schema, schema, model));
    for (Schema other : earlier) {
      readers.put(
          SchemaNormalization.parsingFingerprint64(other),
          new SpecificDatumReader<>(other, schema, model));
    }
  }

  @Override
  public byte[] encode(String topic, T value) {
    if (value == null) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(TYPICAL_SIZE);
    out.writeBytes(header);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      writer.write(value, encoder);
    } catch (IOException e) {
      throw new IllegalStateException("cannot write a %s to memory".formatted(name), e);
    }
    return out.toByteArray();
  }

  @Override
  public T decode(String topic, byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    SpecificDatumReader<T> reader = reader(bytes);
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null);
    try {
      T value = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new UnreadableRecordException("bytes follow the end of the " + name);
      }
      return value;
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      // Avro reports a bad union or enum index with an IndexOutOfBoundsException
      throw new UnreadableRecordException(
          "the bytes are no %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private SpecificDatumReader<T> reader(byte[] bytes) {
    if (bytes.length > 0 && bytes[0] == 0) {
      throw new UnreadableRecordException(
          "the bytes begin with 0, as a schema registry's format does; this process reads Avro"
              + " single-object encoding");
    }
    if (bytes.length < HEADER || bytes[0] != MARKER || bytes[1] != VERSION) {
      throw new UnreadableRecordException(
          "the bytes do not begin with the header C3 01 of Avro's single-object encoding");
    }
    long fingerprint =
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(HEADER - Long.BYTES);
    SpecificDatumReader<T> reader = readers.get(fingerprint);
    if (reader == null) {
      throw new UnreadableRecordException(
          "no known version of %s has the schema fingerprint %016x".formatted(name, fingerprint));
    }
    return reader;
  }
}
