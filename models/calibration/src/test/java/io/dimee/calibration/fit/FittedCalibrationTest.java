package io.dimee.calibration.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.routing.PathCosts;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FittedCalibrationTest {
  private static final TierDepths TIERS = new TierDepths(1, 2, 3);
  private static final PathCosts COSTS = PathCosts.of(TIERS, Prices.DEFAULT, 64);
  private static final Calibration.Target TARGET = new Calibration.Target(1, 0.9);

  /**
   * Exits and words that are right as often as they say, each with evidence of its own.
   *
   * @param words how much words alone know
   */
  private static ExitOutputs outputs(long seed, int rows, double words) {
    Random random = new Random(seed);
    float[][][] logits = new float[3][rows][2];
    float[][] wordLogits = new float[rows][2];
    int[] labels = new int[rows];
    int[] tokens = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = random.nextInt(2);
      int sign = labels[row] == 1 ? 1 : -1;
      tokens[row] = 5;
      double evidence = 0;
      for (int layer = 0; layer < 3; layer++) {
        evidence += 1.2 * sign + 1.55 * random.nextGaussian();
        logits[layer][row][1] = (float) evidence;
      }
      wordLogits[row][1] =
          (float) (words * sign + Math.sqrt(2 * Math.max(words, 0.5)) * random.nextGaussian());
    }
    return new ExitOutputs(logits, new float[rows][2], labels, tokens, wordLogits);
  }

  private static FittedCalibration fit(ExitOutputs heldOut, WordsUse use) {
    return FittedCalibration.of(
        heldOut,
        Optional.empty(),
        new FittedCalibration.Goal(COSTS, TARGET, use, AbstainRule.NEVER));
  }

  @Test
  void shouldStackWhatWordsKnowOntoEveryExit() {
    // Given
    ExitOutputs dev = outputs(2, 20_000, 3);

    // When
    FittedCalibration fitted = fit(outputs(1, 2_000, 3), WordsUse.AUTO);

    // Then every exit knows more on new rows, and a bundle's exits say by how much words count
    ExitOutputs stacked = fitted.read(dev);
    for (int depth = 1; depth <= 3; depth++) {
      assertThat(stacked.accuracy(depth)).isGreaterThan(dev.accuracy(depth) + 0.01);
    }
    assertThat(fitted.calibration().asksWords()).isTrue();
    assertThat(fitted.calibration().exits().stream().filter(exit -> exit.depth() > 0))
        .allSatisfy(exit -> assertThat(exit.wordsWeight()).isPositive());
    for (Exit exit : fitted.calibration().exits()) {
      if (exit.depth() > 0) {
        assertThat(exit.read(dev.logits()[exit.depth() - 1][7], dev.words()[7]).probabilities())
            .containsExactly(stacked.read(exit, 7).probabilities());
      }
    }
  }

  @Test
  void shouldNotStackWordsThatKnowNothing() {
    FittedCalibration fitted = fit(outputs(1, 2_000, 0), WordsUse.AUTO);

    assertThat(fitted.calibration().exits())
        .allSatisfy(exit -> assertThat(exit.wordsWeight()).isZero());
  }

  @Test
  void shouldMeasureWithoutWordsWhatTheEncoderSaysAlone() {
    // Given
    ExitOutputs heldOut = outputs(1, 2_000, 3);
    ExitOutputs dev = outputs(2, 5_000, 3);
    FittedCalibration.Goal goal =
        new FittedCalibration.Goal(COSTS, TARGET, WordsUse.AUTO, AbstainRule.NEVER);
    FittedCalibration fitted = FittedCalibration.of(heldOut, Optional.empty(), goal);

    // When
    CascadeOutcome without = fitted.withoutWords(fitted.read(dev), goal).orElseThrow();

    // Then it is what a calibration that never saw words does
    ExitOutputs alone = dev.withoutWords();
    Calibration plain = Calibration.fit(heldOut.withoutWords(), COSTS, TARGET);
    assertThat(without).isEqualTo(CascadeOutcome.of(alone, alone.allRows(), plain.exits(), COSTS));
    assertThat(without.cost()).isGreaterThan(fitted.calibration().predicted().cost());
  }

  @Test
  void shouldLetWordsAloneAnswerWithoutStackingThem() {
    assertThat(fit(outputs(1, 1_000, 3), WordsUse.ONLY).calibration().exits())
        .allSatisfy(exit -> assertThat(exit.wordsWeight()).isZero());
  }
}
