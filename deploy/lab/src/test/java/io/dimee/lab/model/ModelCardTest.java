package io.dimee.lab.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.calibration.evaluation.BundleMeasurement;
import io.dimee.calibration.evaluation.ClassReport;
import io.dimee.calibration.fit.CascadeOutcome;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.routing.PathCosts;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCardTest {
  private static final int ROWS = 60;

  private static BundleDescription description() {
    Bundle bundle = Bundle.open(Path.of("../../testing/bundles/words"));
    BundleManifest manifest = bundle.manifest();
    Random random = new Random(1);
    float[][][] logits = new float[4][ROWS][2];
    float[][] words = new float[ROWS][2];
    int[] labels = new int[ROWS];
    int[] tokens = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      labels[row] = random.nextInt(2);
      tokens[row] = 5;
      words[row][labels[row]] = 4;
      for (float[][] layer : logits) {
        layer[row][labels[row]] = 4;
      }
    }
    ExitOutputs outputs = new ExitOutputs(logits, new float[ROWS][16], labels, tokens, words);
    PathCosts costs = PathCosts.of(manifest.tiers(), manifest.prices(), 32);
    CascadeOutcome dev = CascadeOutcome.of(outputs, outputs.allRows(), manifest.exits(), costs);
    return new BundleDescription(
        bundle,
        BundleMeasurement.of(manifest, outputs, Optional.empty(), manifest.prices(), 32),
        Optional.of(dev),
        Optional.of(ClassReport.of(labels, labels, manifest.labels())));
  }

  @Test
  void shouldSayWhatABundleDoesAndWhatItWasMadeOf() {
    // When
    String card = new ModelCard(description()).markdown();

    // Then it has the front matter and headings that readers of model cards look for
    assertThat(card)
        .startsWith("---\nlibrary_name: dimee\n")
        .contains("base_model: tiny-encoder\n", "\n# words\n", "\n## Evaluation\n", "## Training")
        .contains("| early exits | 100.00 % | 100.00 % | 0.05 |")
        .contains("| early exits without exit 0 | 100.00 % | | 0.05 |")
        .contains("| last exit | 100.00 % | 100.00 % | 9.00 (cloud alone) |")
        .contains("| 0 | 100.0 % | 100.0 % | 100.0 % |")
        .contains("| negative | 100.0 % | 100.0 % | 100.0 % |")
        .doesNotContain("%n", "null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      value = {
        "<script>alert(1)</script>^ &lt;script&gt;alert(1)&lt;/script&gt;",
        "a|b^ a\\|b",
        "=HYPERLINK(*x*)^ =HYPERLINK(\\*x\\*)",
        "[x](javascript:y)^ \\[x\\](javascript:y)"
      })
  void shouldShowLabelsAsTextWhateverTheyHold(String label, String shown) {
    assertThat(ModelCard.text(label)).isEqualTo(shown);
  }

  @Test
  void shouldKeepALabelInItsCell() {
    assertThat(ModelCard.text("two\nlines")).doesNotContain("\n");
    assertThat(ModelCard.text("x".repeat(10_000))).hasSize(81);
  }
}
