package io.dimee.calibration.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.calibration.data.DataException;
import io.dimee.inference.bundle.Exit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AbstentionTest {
  private static final int CLASSES = 3;

  /** One that answers what it is sure of, and one that answers the rest. */
  private static final List<Exit> EXITS = List.of(new Exit(1, 1, 0.98), new Exit(2, 1, 0));

  /** Rows whose exits are right as often as they say. */
  private static ExitOutputs inScope(long seed, int rows) {
    Random random = new Random(seed);
    float[][][] logits = new float[2][rows][CLASSES];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = random.nextInt(CLASSES);
      for (int depth = 0; depth < 2; depth++) {
        for (int label = 0; label < CLASSES; label++) {
          logits[depth][row][label] =
              (float) (3 * (label == labels[row] ? 1 : 0) + Math.sqrt(3) * random.nextGaussian());
        }
      }
    }
    return outputs(logits, labels);
  }

  /** Rows of no class, of which the exits are not sure. */
  private static ExitOutputs outOfScope(long seed, int rows) {
    Random random = new Random(seed);
    float[][][] logits = new float[2][rows][CLASSES];
    for (float[][] depth : logits) {
      for (float[] row : depth) {
        row[0] = (float) random.nextGaussian();
      }
    }
    int[] labels = new int[rows];
    Arrays.fill(labels, -1);
    return outputs(logits, labels);
  }

  private static ExitOutputs outputs(float[][][] logits, int[] labels) {
    return new ExitOutputs(logits, new float[labels.length][2], labels, new int[labels.length]);
  }

  @Test
  void shouldKeepItsPromiseOnNewRowsAsOftenAsItSays() {
    // Given new rows so many that they tell the truth
    ExitOutputs newRows = inScope(1, 60_000);
    ExitOutputs newOthers = outOfScope(2, 6_000);
    int kept = 0;
    int found = 0;

    // When
    for (int world = 0; world < 200; world++) {
      Optional<Abstention> fitted =
          Abstention.within(
              inScope(100 + world, 500),
              Optional.of(outOfScope(500 + world, 50)),
              EXITS,
              0.15,
              0.9);
      if (fitted.isPresent()) {
        found++;
        Abstention there =
            Abstention.at(fitted.get().below(), newRows, Optional.of(newOthers), EXITS, 0.9);
        kept += (double) there.wrong() / there.answered() <= 0.15 ? 1 : 0;
      }
    }

    // Then
    assertThat(found).isGreaterThan(150);
    assertThat(kept).isGreaterThanOrEqualTo((int) (0.9 * found));
  }

  @Test
  void shouldWithholdNothingWhereThatIsNotNeeded() {
    assertThat(
            Abstention.within(inScope(1, 2_000), Optional.empty(), EXITS, 0.9, 0.9).orElseThrow())
        .satisfies(fitted -> assertThat(fitted.answered()).isEqualTo(2_000));
  }

  @Test
  void shouldPromiseNothingThatTooFewRowsShow() {
    assertThat(Abstention.within(inScope(1, 20), Optional.empty(), EXITS, 0.01, 0.9)).isEmpty();
  }

  @Test
  void shouldCountAnsweredRowsOfNoClassAsWrong() {
    Abstention all =
        Abstention.at(1e-9, inScope(1, 100), Optional.of(outOfScope(2, 50)), EXITS, 0.9);

    assertThat(all.rows()).isEqualTo(150);
    assertThat(all.answered()).isEqualTo(150);
    assertThat(all.wrong()).isGreaterThanOrEqualTo(50);
    assertThat(all.errorBound()).isGreaterThan(all.wrong() / 150.0);
  }

  @Test
  void shouldRefuseRulesThatMeanNothing() {
    assertThatThrownBy(() -> AbstainRule.below(1.5))
        .isInstanceOf(DataException.class)
        .hasMessage("abstain-below=1.5 must lie between 0 and 1, or be auto");
    assertThatThrownBy(() -> AbstainRule.within(1))
        .isInstanceOf(DataException.class)
        .hasMessage("max-error=100.0 must lie between 0 and 100");
  }
}
