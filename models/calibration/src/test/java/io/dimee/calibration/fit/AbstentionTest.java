package io.dimee.calibration.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.calibration.data.DataException;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.routing.PathCosts;
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

  /** The same with the last exit twice. */
  private static ExitOutputs three(ExitOutputs two) {
    float[][][] logits = {two.logits()[0], two.logits()[1], two.logits()[1]};
    return new ExitOutputs(logits, two.embeddings(), two.labels(), two.tokens());
  }

  @Test
  void shouldKeepItsPromiseOnNewRowsAsOftenAsItSays() {
    // Given new rows so many that they tell the truth
    ExitOutputs newRows = inScope(1, 60_000).plus(outOfScope(2, 6_000));
    int kept = 0;
    int found = 0;

    // When
    for (int world = 0; world < 200; world++) {
      Optional<Abstention> fitted =
          Abstention.within(
              inScope(100 + world, 500).plus(outOfScope(500 + world, 50)), EXITS, 0.15, 0.9);
      if (fitted.isPresent()) {
        found++;
        Abstention there = Abstention.at(fitted.get().below(), newRows, EXITS, 0.9);
        kept += (double) there.wrong() / there.answered() <= 0.15 ? 1 : 0;
      }
    }

    // Then
    assertThat(found).isGreaterThan(150);
    assertThat(kept).isGreaterThanOrEqualTo((int) (0.9 * found));
  }

  @Test
  void shouldWithholdNothingWhereThatIsNotNeeded() {
    assertThat(Abstention.within(inScope(1, 2_000), EXITS, 0.9, 0.9).orElseThrow())
        .satisfies(fitted -> assertThat(fitted.answered()).isEqualTo(2_000));
  }

  @Test
  void shouldPromiseNothingThatTooFewRowsShow() {
    assertThat(Abstention.within(inScope(1, 20), EXITS, 0.01, 0.9)).isEmpty();
  }

  @Test
  void shouldCountAnsweredRowsOfNoClassAsWrong() {
    Abstention all = Abstention.at(1e-9, inScope(1, 100).plus(outOfScope(2, 50)), EXITS, 0.9);

    assertThat(all.rows()).isEqualTo(150);
    assertThat(all.answered()).isEqualTo(150);
    assertThat(all.wrong()).isGreaterThanOrEqualTo(50);
    assertThat(all.errorBound()).isGreaterThan(all.wrong() / 150.0);
  }

  @Test
  void shouldNotLetEarlyExitsAnswerWhatTheLastOneWouldWithhold() {
    // Given exits of which the first is as sure of rows of no class as the last is unsure
    ExitOutputs others = outOfScope(2, 300);
    for (float[] row : others.logits()[0]) {
      row[0] = 6;
    }
    ExitOutputs rows = inScope(1, 2_000).plus(others);
    TierDepths tiers = new TierDepths(1, 2, 3);
    ExitOutputs three = three(rows);
    PathCosts costs = PathCosts.of(tiers, Prices.DEFAULT, 64);
    Calibration.Target target = new Calibration.Target(1, 0.9);

    // When
    Calibration careful =
        Calibrator.withholding(three, tiers, AbstainRule.below(0.7), 0.9).fit(costs, target);
    Calibration careless = Calibration.fit(three(inScope(1, 2_000)), costs, target);

    // Then it answers less, since each such row is one that it loses
    assertThat(careful.predicted().shares().get(0))
        .isLessThan(careless.predicted().shares().get(0));
    assertThat(careful.dropBound()).isLessThanOrEqualTo(1);
    assertThat(careful.abstainBelow()).isEqualTo(0.7);
  }

  @Test
  void shouldCalibrateWhereNoConfidenceIsEnough() {
    // Given far more rows of no class than an error of 1 % allows
    ExitOutputs rows = three(inScope(1, 500).plus(outOfScope(2, 200)));
    TierDepths tiers = new TierDepths(1, 2, 3);
    PathCosts costs = PathCosts.of(tiers, Prices.DEFAULT, 64);

    for (Metric metric : List.of(Metric.ACCURACY, Metric.parse("macro-f1", List.of()))) {
      // When
      Calibration calibration =
          Calibrator.withholding(rows, tiers, AbstainRule.within(0.01), 0.9)
              .fit(costs, new Calibration.Target(metric, 2, 0.9, 5));

      // Then nothing is withheld
      assertThat(calibration.abstention()).isEmpty();
      assertThat(calibration.predicted().accuracy()).isLessThan(500.0 / 700);
    }
  }

  @Test
  void shouldRefuseAClassOfTheSameName() {
    assertThatThrownBy(() -> AbstainRule.below(0.5).requireFor(List.of("known", "unknown")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("--label-map");
    AbstainRule.NEVER.requireFor(List.of("known", "unknown"));
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
