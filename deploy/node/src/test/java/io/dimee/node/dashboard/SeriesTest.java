package io.dimee.node.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dimee.avro.Cost;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Tier;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.SingleObjectFormats;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {
  /** Avro builds no record of ours before a format of one is made. */
  static final RecordFormat<Prediction> FORMAT = new SingleObjectFormats().of(Prediction.class);

  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  private final Series series = new Series(Clock.fixed(NOON.plusSeconds(2), ZoneOffset.UTC));

  static Prediction prediction(Tier tier, long latencyMs) {
    return Prediction.newBuilder()
        .setId("e")
        .setLabel(0)
        .setLabelName("negative")
        .setProbabilities(List.of(0.9f, 0.1f))
        .setConfidence(0.9f)
        .setTier(tier)
        .setPool(Pool.EASY)
        .setExitDepth(3)
        .setLayersRun(3)
        .setCost(new Cost(3d, 3d, 6d, 17d))
        .setBytesOffloaded(0)
        .setModelId("sst2@a")
        .setCreatedAt(NOON.minusMillis(latencyMs))
        .setPredictedAt(NOON)
        .setHops(List.of())
        .build();
  }

  @Test
  void shouldPutPredictionsIntoTheStepOfTheirRecords() {
    series.add(prediction(Tier.EDGE, 100), NOON.minusSeconds(7));
    series.add(prediction(Tier.EDGE, 300), NOON.minusSeconds(6));
    series.add(prediction(Tier.MOBILE, 20), NOON.plusSeconds(1));

    Series.Window window = series.window();

    assertThat(window.from() + 178 * Series.STEP.toMillis())
        .isEqualTo(NOON.minusSeconds(5).toEpochMilli());
    Series.Point before = window.steps().get(177);
    assertThat(before.answered()).containsOnlyKeys(Tier.EDGE).containsEntry(Tier.EDGE, 2L);
    assertThat(before.cost()).isEqualTo(6);
    assertThat(before.cloudOnlyCost()).isEqualTo(17);
    assertThat(before.latencies().max()).isCloseTo(300, within(3L));
    assertThat(window.steps().get(179).answered()).containsOnlyKeys(Tier.MOBILE);
    assertThat(window.latencies().count()).isEqualTo(3);
  }

  @Test
  void shouldTakeTheRateFromTheLastWholeSteps() {
    for (int i = 0; i < 30; i++) {
      series.add(prediction(Tier.CLOUD, 100), NOON.minusSeconds(1 + i % 10));
    }
    series.add(prediction(Tier.CLOUD, 100), NOON.plusSeconds(1));

    Series.Window window = series.window();

    assertThat(window.rates()).containsEntry(Tier.CLOUD, 3.0).containsEntry(Tier.EDGE, 0.0);
  }

  @Test
  void shouldLeaveOutWhatIsTooLongAgo() {
    series.add(prediction(Tier.EDGE, 100), NOON.minusSeconds(3_600));
    series.addLetter(NOON.minusSeconds(3_600));

    Series.Window window = series.window();

    assertThat(window.latencies().count()).isZero();
    assertThat(window.steps()).hasSize(180).allMatch(step -> step.letters() == 0);
  }

  @Test
  void shouldTakeWhatAClockThatIsAheadHasWrittenForNow() {
    series.add(prediction(Tier.EDGE, 100), NOON.plusSeconds(600));

    Series.Window window = series.window();

    assertThat(window.steps().get(179).answered()).containsEntry(Tier.EDGE, 1L);
  }

  @Test
  void shouldTakeALatencyThatClocksMakeNegativeForNone() {
    series.add(prediction(Tier.EDGE, -50), NOON);

    Series.Window window = series.window();

    assertThat(window.latencies().max()).isZero();
  }
}
