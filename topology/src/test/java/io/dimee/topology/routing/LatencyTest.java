package io.dimee.topology.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.Cost;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Tier;
import io.dimee.serdes.SingleObjectFormats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencyTest {
  @BeforeAll
  static void trust() {
    // Avro builds no record of ours before a format of one is made
    new SingleObjectFormats().of(Prediction.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 1250, 250, 250",
    "1250, 1000, -250, 0",
    "-9223372036854775808, 9223372036854775807, 9223372036854775807, 31536000000",
    "9223372036854775807, -9223372036854775808, -9223372036854775808, 0"
  })
  void shouldNotOverflowWhateverClocksSay(
      long created, long predicted, long millis, long recorded) {
    Prediction prediction =
        Prediction.newBuilder()
            .setId("e")
            .setLabel(0)
            .setLabelName("negative")
            .setProbabilities(List.of(0.9f, 0.1f))
            .setConfidence(0.9f)
            .setTier(Tier.EDGE)
            .setPool(Pool.EASY)
            .setExitDepth(3)
            .setLayersRun(3)
            .setCost(new Cost(3d, 3d, 6d, 17d))
            .setBytesOffloaded(0)
            .setModelId("sst2@a")
            .setCreatedAt(Instant.ofEpochMilli(created))
            .setPredictedAt(Instant.ofEpochMilli(predicted))
            .setHops(List.of())
            .build();

    assertThat(Latency.millis(prediction)).isEqualTo(millis);
    assertThat(Latency.between(prediction.getCreatedAt(), prediction.getPredictedAt()))
        .isEqualTo(Duration.ofMillis(recorded));
  }
}
