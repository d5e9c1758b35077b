package io.dimee.serdes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WriterSchemasTest {
  private static final String TOPIC = "dimee.any";

  static Stream<SpecificRecord> samples() {
    return Stream.of(
        Samples.event(),
        Samples.task(),
        Samples.prediction(),
        Samples.deadLetter(),
        Samples.replay(),
        Samples.ledgerEntry());
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
  void shouldReadWhatEarlierBuildsWrote(SpecificRecord sample) {
    for (Schema version : WriterSchemas.of(sample.getClass())) {
      byte[] bytes = Samples.asWrittenWith(version, sample);

      assertThat((Object) new SingleObjectFormats().of(sample.getClass()).decode(TOPIC, bytes))
          .isEqualTo(sample);
    }
  }
}
