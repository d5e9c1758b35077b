package io.dimee.serdes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Confluent's wire format: a zero byte, the schema's id in the registry (4 bytes, big-endian), and
 * Avro's binary encoding. Records in single-object encoding, as they were written before a registry
 * was set, are read too. Subjects are TOPIC-value (Confluent's TopicNameStrategy).
 */
final class RegistryFormat<T extends SpecificRecord> implements RecordFormat<T> {
  private static final byte MAGIC = 0;
  private static final int HEADER = 1 + Integer.BYTES;

  private final ConfluentRegistry registry;
  private final boolean autoRegister;
  private final SpecificData model;
  private final Schema schema;
  private final SpecificDatumWriter<T> writer;
  private final RecordFormat<T> singleObject;
  private final Map<String, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, SpecificDatumReader<T>> readers = new ConcurrentHashMap<>();

  RegistryFormat(
      Class<T> type,
      ConfluentRegistry registry,
      boolean autoRegister,
      RecordFormat<T> singleObject) {
    AvroTrust.extendTo(type);
    this.registry = registry;
    this.autoRegister = autoRegister;
    this.model = SpecificData.getForClass(type);
    this.schema = model.getSchema(type);
    this.writer = new SpecificDatumWriter<>(schema, model);
    this.singleObject = singleObject;
  }

  static String subject(String topic) {
    return topic + "-value";
  }

  /**
   * Id under which this build's schema is registered for a topic.
   *
   * @throws RegistryException when it is not registered, and may not be
   */
  int id(String topic) {
    Integer known = ids.get(topic);
    if (known != null) {
      return known;
    }
    String subject = subject(topic);
    int id =
        autoRegister
            ? registry.register(subject, schema)
            : registry
                .idOf(subject, schema)
                .orElseThrow(
                    () ->
                        new RegistryException(
                            "the schema registry does not know this version of %s as %s; run: dimee schemas register"
                                .formatted(schema.getName(), subject)));
    ids.put(topic, id);
    return id;
  }

  @Override
  public byte[] encode(String topic, T value) {
    if (value == null) {
      return null;
    }
    int id = id(topic);
    try {
      HeadedBytes bytes = new HeadedBytes(MAGIC, id);
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      writer.write(value, encoder);
      encoder.flush();
      return bytes.toByteArray();
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          "%s for topic %s cannot be encoded: %s"
              .formatted(schema.getName(), topic, e.getMessage()),
          e);
    }
  }

  @Override
  public T decode(String topic, byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    if (bytes.length == 0 || bytes[0] != MAGIC) {
      return singleObject.decode(topic, bytes);
    }
    if (bytes.length < HEADER) {
      throw AvroBody.unreadable(
          topic, schema.getName(), "it ends before the id of its schema", null);
    }
    int id = ByteBuffer.wrap(bytes).getInt(1);
    return AvroBody.decode(reader(topic, id), topic, schema.getName(), bytes, HEADER);
  }

  private SpecificDatumReader<T> reader(String topic, int id) {
    SpecificDatumReader<T> known = readers.get(id);
    if (known != null) {
      return known;
    }
    Schema writerSchema = writerSchema(topic, id);
    if (!writerSchema.getFullName().equals(schema.getFullName())) {
      throw AvroBody.unreadable(
          topic,
          schema.getName(),
          "its schema %d is of %s".formatted(id, writerSchema.getFullName()),
          null);
    }
    SpecificDatumReader<T> reader = new SpecificDatumReader<>(writerSchema, schema, model);
    readers.put(id, reader);
    return reader;
  }

  private Schema writerSchema(String topic, int id) {
    try {
      return registry.schemaOf(id, subject(topic));
    } catch (UnusableSchemaException e) {
      throw AvroBody.unreadable(topic, schema.getName(), e.getMessage(), e);
    }
  }
}
