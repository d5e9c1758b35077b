package io.dimee.topology.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.routing.CostModel;
import io.dimee.topology.routing.Policy;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PredictionsTest {
  private final TestModel test = new TestModel();

  @AfterEach
  void close() {
    test.close();
  }

  private BundleManifest abstaining(double below) throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode manifest = json.valueToTree(test.bundle.manifest());
    manifest.put("abstain_below", below);
    return json.treeToValue(manifest, BundleManifest.class);
  }

  private Prediction of(BundleManifest manifest, int depth, float confidence) {
    CostModel costs = new CostModel(Prices.DEFAULT, manifest.tiers().cloud());
    return new Predictions(Tier.CLOUD, manifest, "tiny@1", costs, test.clock)
        .of(
            test.task("e1", "a fine film", Policy.CASCADE),
            new ExitReading(depth, new float[] {1 - confidence, confidence}, 1),
            List.of());
  }

  @Test
  void shouldWithholdWhatTheLastExitIsUnsureOf() throws Exception {
    // Given
    BundleManifest manifest = abstaining(0.7);
    int last = manifest.tiers().cloud();

    // Then
    assertThat(of(manifest, last, 0.69f))
        .satisfies(
            prediction -> {
              assertThat(prediction.getLabel()).isEqualTo(-1);
              assertThat(prediction.getLabelName()).isEqualTo("unknown");
              assertThat(prediction.getConfidence()).isEqualTo(0.69f);
              assertThat(prediction.getProbabilities()).hasSize(2);
            });
    assertThat(of(manifest, last, 0.71f).getLabel()).isEqualTo(1);
    assertThat(of(test.bundle.manifest(), last, 0.51f).getLabel()).isEqualTo(1);
  }

  @Test
  void shouldNotWithholdWhatAnExitHasAnsweredByItsThreshold() throws Exception {
    assertThat(of(abstaining(0.7), test.bundle.manifest().tiers().mobile(), 0.69f).getLabel())
        .isEqualTo(1);
  }

  @Test
  void shouldCountWhatIsWithheld() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    AnswerMeters answers = new AnswerMeters(meters, Tags.empty());

    answers.answered(of(abstaining(0.7), test.bundle.manifest().tiers().cloud(), 0.69f));
    answers.answered(of(abstaining(0.7), test.bundle.manifest().tiers().cloud(), 0.71f));

    assertThat(meters.get("dimee.answers.unknown").counter().count()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAConfidenceThatMeansNothing() {
    assertThatThrownBy(() -> abstaining(1))
        .isInstanceOf(JsonMappingException.class)
        .hasMessageContaining("abstain_below=1.0");
  }
}
