package io.dimee.client.outcomes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.UnknownLabel;
import io.dimee.testing.SamplePredictions;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SummaryBuilderTest {
  @Test
  void shouldCountWithheldAnswersAndLeaveThemOutOfTheAccuracy() {
    // Given ten predictions, of which the first is wrong, and one that is withheld
    SummaryBuilder sums = new SummaryBuilder();
    for (int i = 0; i < 10; i++) {
      sums.add(SamplePredictions.of(i, Instant.EPOCH));
    }
    Prediction withheld = SamplePredictions.of(1, Instant.EPOCH);
    withheld.setLabel(UnknownLabel.INDEX);
    sums.add(withheld);

    // When
    Summary summary = sums.build(11, 1);

    // Then
    assertThat(summary.answered()).isEqualTo(11);
    assertThat(summary.unknown()).isEqualTo(1);
    assertThat(summary.accuracy()).isCloseTo(0.9, within(1e-9));
  }

  @Test
  void shouldNotSpeakOfWithheldAnswersWhereThereAreNone() {
    assertThat(new SummaryBuilder().build(0, 0).unknown()).isNull();
  }
}
