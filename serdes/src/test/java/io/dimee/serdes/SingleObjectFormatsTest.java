package io.dimee.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.dimee.avro.InferenceTask;
import io.dimee.avro.TextEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SingleObjectFormatsTest {
  private static final String TOPIC = "dimee.events";

  private final RecordFormats formats = new SingleObjectFormats();
  private final RecordFormat<TextEvent> events = formats.of(TextEvent.class);
  private final RecordFormat<InferenceTask> tasks = formats.of(InferenceTask.class);

  /** Writes the body of a record by hand. */
  private interface Body {
    void write(BinaryEncoder encoder) throws IOException;
  }

  private static byte[] record(Schema schema, Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0xC3)
            .put((byte) 1)
            .putLong(SchemaNormalization.parsingFingerprint64(schema))
            .array());
    try {
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      body.write(encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /** The fields of an event up to its attributes, which the caller adds. */
  private static void writeEventHead(BinaryEncoder encoder) throws IOException {
    encoder.writeString("e-1");
    encoder.writeString("some text");
    encoder.writeIndex(0);
    encoder.writeIndex(0);
    encoder.writeLong(1_790_000_000_123L);
  }

  private void assertUnreadable(byte[] bytes, String... why) {
    assertThatExceptionOfType(UnreadableRecordException.class)
        .isThrownBy(() -> events.decode(TOPIC, bytes))
        .withMessageContainingAll("topic dimee.events", "TextEvent")
        .withMessageContainingAll(why);
  }

  @Test
  void shouldReadWhatItWrote() {
    assertThat(events.decode(TOPIC, events.encode(TOPIC, Samples.event())))
        .isEqualTo(Samples.event());
    assertThat(tasks.decode(TOPIC, tasks.encode(TOPIC, Samples.task()))).isEqualTo(Samples.task());
  }

  @Test
  void shouldSpeakAvrosOwnSingleObjectEncoding() throws IOException {
    byte[] ours = tasks.encode(TOPIC, Samples.task());
    byte[] avros = InferenceTask.getEncoder().encode(Samples.task()).array();

    assertThat(ours).isEqualTo(avros);
    assertThat(InferenceTask.getDecoder().decode(ours)).isEqualTo(Samples.task());
  }

  @Test
  void shouldLetGeneratedBuildersCopyNestedRecords() {
    assertThat(InferenceTask.newBuilder(Samples.task()).build()).isEqualTo(Samples.task());
  }

  @Test
  void shouldNotBlameTheBytesWhenAvroTrustsTheClassNoMore() {
    // Given a type that no other test decodes, because Avro asks once a class
    RecordFormat<Untrusted> format = formats.of(Untrusted.class);
    byte[] bytes = format.encode(TOPIC, new Untrusted());
    ClassSecurityPredicate trusted = ClassSecurityValidator.getGlobal();
    ClassSecurityValidator.setGlobal(type -> false);
    try {
      assertThatIllegalStateException()
          .isThrownBy(() -> format.decode(TOPIC, bytes))
          .withMessageContaining("Untrusted");
    } finally {
      ClassSecurityValidator.setGlobal(trusted);
    }

    assertThat(format.decode(TOPIC, bytes)).isEqualTo(new Untrusted());
  }

  /** A record as Avro's compiler would make it. */
  public static final class Untrusted extends SpecificRecordBase {
    /** Avro looks for it by this name. */
    public static final Schema SCHEMA$ =
        SchemaBuilder.record("Untrusted")
            .namespace("io.dimee.serdes.SingleObjectFormatsTest$")
            .fields()
            .requiredInt("number")
            .endRecord();

    private int number;

    @Override
    public Schema getSchema() {
      return SCHEMA$;
    }

    @Override
    public Object get(int field) {
      return number;
    }

    @Override
    public void put(int field, Object value) {
      number = (Integer) value;
    }
  }

  @Test
  void shouldGiveTheSameFormatEachTime() {
    assertThat(formats.of(TextEvent.class)).isSameAs(events);
  }

  @Test
  void shouldKeepTombstones() {
    assertThat(events.encode(TOPIC, null)).isNull();
    assertThat(events.decode(TOPIC, null)).isNull();
  }

  @Test
  void shouldServeAsKafkaSerde() {
    try (Serde<TextEvent> serde = events.serde()) {
      byte[] bytes = serde.serializer().serialize(TOPIC, Samples.event());

      assertThat(bytes).isEqualTo(events.encode(TOPIC, Samples.event()));
      assertThat(serde.deserializer().deserialize(TOPIC, bytes)).isEqualTo(Samples.event());
      assertThat(serde.deserializer().deserialize(TOPIC, null)).isNull();
    }
  }

  @Test
  void shouldBeSafeForSeveralThreads() {
    List<InferenceTask> decoded =
        IntStream.range(0, 2_000)
            .parallel()
            .mapToObj(
                i -> {
                  InferenceTask task = Samples.task();
                  task.setEventId("e-" + i);
                  return tasks.decode(TOPIC, tasks.encode(TOPIC, task));
                })
            .toList();

    assertThat(decoded)
        .map(InferenceTask::getEventId)
        .containsExactlyElementsOf(IntStream.range(0, 2_000).mapToObj(i -> "e-" + i).toList());
  }

  @Test
  void shouldNameTheFieldThatBreaksTheSchemaAndEncodeTheNextRecord() {
    TextEvent broken = Samples.event();
    broken.setText(null);

    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> events.encode(TOPIC, broken))
        .withMessageContainingAll("TextEvent", "dimee.events", "text");

    assertThat(events.decode(TOPIC, events.encode(TOPIC, Samples.event())))
        .isEqualTo(Samples.event());
  }

  @Test
  void shouldReadRecordsOfAnEarlierSchema() throws IOException {
    // Given an earlier event that had no pairs and no attributes yet, but a priority
    Schema earlier =
        SchemaBuilder.record("TextEvent")
            .namespace("io.dimee.avro")
            .fields()
            .requiredString("id")
            .optionalInt("priority")
            .requiredString("text")
            .requiredLong("created_at")
            .endRecord();
    GenericRecord old =
        new GenericRecordBuilder(earlier)
            .set("id", "e-0")
            .set("priority", 3)
            .set("text", "old text")
            .set("created_at", 17L)
            .build();
    byte[] bytes =
        new BinaryMessageEncoder<GenericRecord>(GenericData.get(), earlier).encode(old).array();

    RecordFormats upgraded =
        new SingleObjectFormats(List.of(earlier, InferenceTask.getClassSchema()));

    assertThat(upgraded.of(TextEvent.class).decode(TOPIC, bytes))
        .isEqualTo(
            new TextEvent("e-0", "old text", null, null, Instant.ofEpochMilli(17), Map.of()));
    assertThat(upgraded.of(TextEvent.class).decode(TOPIC, events.encode(TOPIC, Samples.event())))
        .isEqualTo(Samples.event());
    assertUnreadable(
        bytes, "%016x".formatted(SchemaNormalization.parsingFingerprint64(earlier)), "1 known");
  }

  @Test
  void shouldRecogniseRegistryFormats() {
    assertUnreadable(
        new byte[] {0, 0, 0, 0, 17, 6, 65, 65, 65}, "first byte is 0", "--schema-registry-url");
    assertUnreadable(new byte[24], "Confluent's wire format, but no schema registry is set");
    byte[] guid = new byte[24];
    guid[0] = 1;
    assertUnreadable(guid, "first byte is 1", "GUID", "valid: by an id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "{\"id\":\"e-1\",\"text\":\"some text\"}"})
  void shouldRefuseBytesWithoutTheHeader(String text) {
    assertUnreadable(text.getBytes(StandardCharsets.UTF_8), "C3 01");
  }

  @Test
  void shouldRefuseRecordsOfAnotherType() {
    byte[] task = tasks.encode(TOPIC, Samples.task());

    assertUnreadable(task, "fingerprint");
  }

  @Test
  void shouldRefuseEveryTruncation() {
    byte[] bytes = tasks.encode(TOPIC, Samples.task());

    for (int length = 0; length < bytes.length; length++) {
      byte[] truncated = Arrays.copyOf(bytes, length);
      assertThatExceptionOfType(UnreadableRecordException.class)
          .as("%d of %d bytes", length, bytes.length)
          .isThrownBy(() -> tasks.decode(TOPIC, truncated));
    }
  }

  @Test
  void shouldRefuseTrailingBytes() {
    byte[] bytes = events.encode(TOPIC, Samples.event());

    assertUnreadable(Arrays.copyOf(bytes, bytes.length + 3), "3 bytes follow its end");
  }

  @Test
  void shouldRefuseStringsThatAreNotUtf8() {
    byte[] latin1 = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);

    byte[] bytes =
        record(
            TextEvent.getClassSchema(),
            encoder -> {
              encoder.writeString("e-1");
              encoder.writeBytes(latin1);
              encoder.writeIndex(0);
              encoder.writeIndex(0);
              encoder.writeLong(0);
              encoder.writeInt(0);
            });

    assertUnreadable(bytes, "not UTF-8");
  }

  @Test
  void shouldKeepAReplacementCharacterThatWasWritten() {
    TextEvent event = Samples.event();
    event.setText("so it stands: \uFFFD");

    assertThat(events.decode(TOPIC, events.encode(TOPIC, event))).isEqualTo(event);
  }

  @ParameterizedTest
  @CsvSource({
    "-1",
    "-9223372036854775808",
    "100",
    "1073741824",
    "2147483647",
    "4294967297",
    "9223372036854775807"
  })
  void shouldRefuseHostileStringLengthsWithoutAllocating(long length) {
    byte[] bytes =
        record(
            TextEvent.getClassSchema(),
            encoder -> {
              encoder.writeString("e-1");
              encoder.writeLong(length);
              encoder.writeFixed(new byte[20]);
            });

    assertRefusedCheaply(events, bytes);
  }

  @ParameterizedTest
  @CsvSource({"-1", "100", "1073741824", "2147483647", "9223372036854775807"})
  void shouldRefuseHostileByteLengthsWithoutAllocating(long length) {
    byte[] bytes =
        record(
            InferenceTask.getClassSchema(),
            encoder -> {
              encoder.writeString("e-1");
              encoder.writeString("m");
              encoder.writeString("dimee");
              encoder.writeEnum(1);
              encoder.writeInt(0);
              encoder.writeInt(0);
              encoder.writeBoolean(false);
              encoder.writeInt(3);
              encoder.writeInt(12);
              encoder.writeInt(3);
              encoder.writeIndex(1);
              encoder.writeEnum(1);
              encoder.writeInt(1);
              encoder.writeInt(1);
              encoder.writeLong(length);
              encoder.writeFixed(new byte[20]);
            });

    assertRefusedCheaply(tasks, bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "-9223372036854775808",
    "-1000000000",
    "100",
    "1000000000",
    "2147483647",
    "4294967297",
    "9223372036854775807"
  })
  void shouldRefuseHostileArrayCountsWithoutAllocating(long count) {
    byte[] bytes =
        record(
            InferenceTask.getClassSchema(),
            encoder -> {
              encoder.writeString("e-1");
              encoder.writeString("m");
              encoder.writeString("dimee");
              encoder.writeEnum(1);
              encoder.writeLong(count);
              encoder.writeFixed(new byte[20]);
            });

    assertRefusedCheaply(tasks, bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "-9223372036854775808",
    "-1000000000",
    "100",
    "1000000000",
    "2147483647",
    "4294967297",
    "9223372036854775807"
  })
  void shouldRefuseHostileMapCountsWithoutAllocating(long count) {
    byte[] bytes =
        record(
            TextEvent.getClassSchema(),
            encoder -> {
              writeEventHead(encoder);
              encoder.writeLong(count);
              encoder.writeFixed(new byte[20]);
            });

    assertRefusedCheaply(events, bytes);
  }

  @Test
  void shouldRefuseItemsThatTakeNoBytesWithoutAllocating() {
    // Given an earlier schema, in which an array holds nulls
    Schema earlier =
        SchemaBuilder.record("TextEvent")
            .namespace("io.dimee.avro")
            .fields()
            .requiredString("id")
            .requiredString("text")
            .requiredLong("created_at")
            .name("nothings")
            .type()
            .array()
            .items()
            .nullType()
            .noDefault()
            .endRecord();
    byte[] bytes =
        record(
            earlier,
            encoder -> {
              encoder.writeString("e-1");
              encoder.writeString("some text");
              encoder.writeLong(0);
              encoder.writeLong(50_000_000);
              encoder.writeLong(0);
            });

    assertRefusedCheaply(new SingleObjectFormats(List.of(earlier)).of(TextEvent.class), bytes);
  }

  @ParameterizedTest
  @CsvSource({"-1", "100", "2147483647", "9223372036854775807"})
  void shouldRefuseHostileLengthsOfFieldsThatItSkips(long length) {
    // Given an earlier schema, with a field that the current one has no more
    Schema earlier =
        SchemaBuilder.record("TextEvent")
            .namespace("io.dimee.avro")
            .fields()
            .requiredString("id")
            .requiredString("text")
            .requiredBytes("digest")
            .requiredLong("created_at")
            .endRecord();
    byte[] bytes =
        record(
            earlier,
            encoder -> {
              encoder.writeString("e-1");
              encoder.writeString("some text");
              encoder.writeLong(length);
              encoder.writeLong(0);
            });

    assertRefusedCheaply(new SingleObjectFormats(List.of(earlier)).of(TextEvent.class), bytes);
  }

  /** As many attributes of two bytes as a record of 4 MiB holds take 100 MB as objects. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100, 729_000})
  void shouldRefuseMoreAttributesThanAnybodyReadsWithoutAllocating(int aBlock) {
    byte[] bytes =
        record(
            TextEvent.getClassSchema(),
            encoder -> {
              writeEventHead(encoder);
              for (int i = 0; i < 729_000; i++) {
                if (i % aBlock == 0) {
                  encoder.writeLong(aBlock);
                }
                encoder.writeString(Integer.toString(i, 36));
                encoder.writeString("");
              }
              encoder.writeLong(0);
            });

    assertThatExceptionOfType(OvergrownRecordException.class)
        .isThrownBy(() -> events.decode(TOPIC, bytes))
        .withMessageContaining("more than 1024 entries");
    assertRefusedCheaply(events, bytes);
  }

  @Test
  void shouldRefuseMoreHopsThanAnyTaskMakesWithoutAllocating() {
    InferenceTask task = Samples.task();
    task.setHops(Collections.nCopies(65_600, task.getHops().get(0)));
    byte[] bytes = tasks.encode(TOPIC, task);

    assertThatExceptionOfType(OvergrownRecordException.class)
        .isThrownBy(() -> tasks.decode(TOPIC, bytes))
        .withMessageContaining("more than 65536 items");
    assertRefusedCheaply(tasks, bytes);
  }

  @Test
  void shouldReadMoreAttributesThanAnEventMayBringForEarlierBuildsDidNotCountThem() {
    TextEvent event = Samples.event();
    event.setAttributes(
        IntStream.range(0, 1_000)
            .boxed()
            .collect(Collectors.toMap(Object::toString, Object::toString)));

    assertThat(events.decode(TOPIC, events.encode(TOPIC, event))).isEqualTo(event);
  }

  @Test
  void shouldRefuseSchemasThatLetARecordOverflowTheStack() {
    Schema recursive =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"TextEvent","namespace":"io.dimee.avro","fields":[
                {"name":"parent","type":["null","TextEvent"]}]}""");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SingleObjectFormats(List.of(recursive)).of(TextEvent.class))
        .withMessage("a schema of TextEvent is recursive");
  }

  private static void assertRefusedCheaply(RecordFormat<?> format, byte[] bytes) {
    long allocated =
        Allocation.of(
            () ->
                assertThatExceptionOfType(UnreadableRecordException.class)
                    .isThrownBy(() -> format.decode(TOPIC, bytes)));

    // the exception and the assertion take their share; the claimed lengths begin far above
    assertThat(allocated).isLessThan(1 << 18);
  }
}
