package io.dimee.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dimee.inference.CostModel;
import io.dimee.inference.Exit;
import io.dimee.inference.Pool;
import io.dimee.inference.Prices;
import io.dimee.inference.TierDepths;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final TierDepths TIERS = new TierDepths(1, 2, 3);
  private static final CostModel COSTS = new CostModel(Prices.DEFAULT, 3);

  @Test
  void shouldRecoverTheTemperatureThatMadeTheLabels() {
    // Given labels drawn from softmax(logits / 2)
    Random random = new Random(1);
    float[][] logits = new float[20_000][2];
    int[] labels = new int[logits.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i][1] = (float) (4 * random.nextGaussian());
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-logits[i][1] / 2)) ? 1 : 0;
    }

    // Then
    assertThat(TemperatureScaling.fit(logits, labels)).isCloseTo(2, within(0.1));
  }

  @Test
  void shouldReplayTheCascadeByHand() {
    // Given three rows, answered by mobile (rightly), edge (wrongly) and cloud (rightly)
    float[][][] logits = {
      {{0, 9}, {0, 0.1f}, {0, 0.1f}},
      {{0, 9}, {0, 9}, {0, 0.1f}},
      {{0, 9}, {9, 0}, {9, 0}}
    };
    ExitOutputs outputs = new ExitOutputs(logits, new float[3][2], new int[] {1, 0, 0});
    List<Exit> exits = List.of(new Exit(1, 1, 0.9), new Exit(2, 1, 0.9), new Exit(3, 1, 0.9));

    // When
    CascadeOutcome outcome = CascadeOutcome.of(outputs, exits, TIERS, COSTS);

    // Then
    assertThat(outcome.accuracy()).isCloseTo(2 / 3d, within(1e-9));
    assertThat(outcome.lastExitAccuracy()).isEqualTo(1);
    assertThat(outcome.dropPoints()).isCloseTo(100 / 3d, within(1e-9));
    assertThat(outcome.cost()).isCloseTo((1 + (2 + 3) + (3 + 6)) / 3d, within(1e-9));
    assertThat(outcome.cloudOnlyCost()).isEqualTo(8);
    assertThat(outcome.shares()).containsExactly(1 / 3d, 1 / 3d, 1 / 3d);
  }

  /** Exits that are right as often as they say, the deeper the surer. */
  private static ExitOutputs calibrated(int rows) {
    Random random = new Random(2);
    float[][][] logits = new float[3][rows][2];
    float[][] embeddings = new float[rows][2];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = random.nextInt(2);
      double evidence = 0;
      for (int layer = 0; layer < 3; layer++) {
        evidence += 1.5 * (labels[row] == 1 ? 1 : -1) + 1.7 * random.nextGaussian();
        logits[layer][row][1] = (float) evidence;
      }
      embeddings[row][0] = Math.abs(logits[0][row][1]);
    }
    return new ExitOutputs(logits, embeddings, labels);
  }

  @Test
  void shouldSaveCostWithoutLosingMoreThanAllowed() {
    // When
    ExitOutputs heldOut = calibrated(5_000);
    Calibration strict = Calibration.fit(heldOut, TIERS, COSTS, 0.1);
    Calibration loose = Calibration.fit(heldOut, TIERS, COSTS, 3);

    // Then
    assertThat(strict.outcome().dropPoints()).isLessThanOrEqualTo(0.1);
    assertThat(loose.outcome().dropPoints()).isLessThanOrEqualTo(3);
    assertThat(loose.outcome().cost()).isLessThan(strict.outcome().cost());
    assertThat(loose.exits())
        .extracting(Exit::threshold)
        .containsOnly(loose.exits().get(0).threshold());
  }

  @Test
  void shouldPutThePoolsAtTheMeansOfTheirRows() {
    // When rows lie by the strength of their evidence
    Calibration calibration = Calibration.fit(calibrated(5_000), TIERS, COSTS, 1);

    // Then strong evidence is easy
    assertThat(calibration.pools().nearest(new float[] {6, 0})).isEqualTo(Pool.EASY);
    assertThat(calibration.pools().nearest(new float[] {0, 0})).isNotEqualTo(Pool.EASY);
  }

  @Test
  void shouldWarmUpAndDecayTheLearningRate() {
    AdamW optimizer = new AdamW(new ArrayList<>(), 1, 0.1, 100);
    assertThat(optimizer.schedule(5)).isEqualTo(0.5);
    assertThat(optimizer.schedule(10)).isEqualTo(1);
    assertThat(optimizer.schedule(55)).isEqualTo(0.5);
    assertThat(optimizer.schedule(100)).isZero();
  }
}
