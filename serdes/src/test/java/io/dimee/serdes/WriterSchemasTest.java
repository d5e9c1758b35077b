package io.dimee.serdes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WriterSchemasTest {
  private static final String TOPIC = "dimee.any";
  private static final int HEADER = 10;

  static Stream<SpecificRecord> samples() {
    return Stream.of(
        Samples.event(),
        Samples.task(),
        Samples.prediction(),
        Samples.deadLetter(),
        Samples.replay());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void shouldKnowEveryVersionUpToThisBuilds(SpecificRecord sample) {
    List<Schema> versions = WriterSchemas.of(sample.getClass());

    assertThat(versions.get(versions.size() - 1)).isEqualTo(sample.getSchema());
  }

  /** A new field has its default in what an earlier build wrote, and in the samples. */
  @ParameterizedTest
  @MethodSource("samples")
  void shouldReadWhatEarlierBuildsWrote(SpecificRecord sample) throws IOException {
    for (Schema version : WriterSchemas.of(sample.getClass())) {
      byte[] bytes = asWrittenWith(version, sample);

      assertThat((Object) new SingleObjectFormats().of(sample.getClass()).decode(TOPIC, bytes))
          .isEqualTo(sample);
    }
  }

  private static byte[] asWrittenWith(Schema version, SpecificRecord sample) throws IOException {
    byte[] current = encode(sample);
    GenericRecord record =
        new GenericDatumReader<GenericRecord>(sample.getSchema(), version)
            .read(
                null,
                DecoderFactory.get().binaryDecoder(current, HEADER, current.length - HEADER, null));
    return new BinaryMessageEncoder<GenericRecord>(GenericData.get(), version)
        .encode(record)
        .array();
  }

  @SuppressWarnings("unchecked") // the format is of the record's own class
  private static <T extends SpecificRecord> byte[] encode(T record) {
    return new SingleObjectFormats().of((Class<T>) record.getClass()).encode(TOPIC, record);
  }
}
