package io.dimee.calibration.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dimee.calibration.data.DataException;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Pool;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.routing.PathCosts;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class CalibrationTest {
  private static final TierDepths TIERS = new TierDepths(1, 2, 3);
  private static final PathCosts COSTS = PathCosts.of(TIERS, Prices.DEFAULT, 2 * 384);

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
  void shouldFollowTheCascadeAsByHand() {
    // Given three rows, answered by mobile (rightly), edge (wrongly) and cloud (rightly)
    float[][][] logits = {
      {{0, 9}, {0, 0.1f}, {0, 0.1f}},
      {{0, 9}, {0, 9}, {0, 0.1f}},
      {{0, 9}, {9, 0}, {9, 0}}
    };
    ExitOutputs outputs =
        new ExitOutputs(logits, new float[3][2], new int[] {1, 0, 0}, new int[] {5, 5, 5});
    List<Exit> exits = List.of(new Exit(1, 1, 0.9), new Exit(2, 1, 0.9), new Exit(3, 1, 0.9));

    // When
    CascadeOutcome outcome = CascadeOutcome.of(outputs, outputs.allRows(), exits, COSTS);

    // Then
    assertThat(outcome.accuracy()).isCloseTo(2 / 3d, within(1e-9));
    assertThat(outcome.drop()).isEqualTo(new PairedDrop(3, 1, 0));
    assertThat(outcome.dropPoints()).isCloseTo(100 / 3d, within(1e-9));
    assertThat(outcome.cost()).isCloseTo((1 + (2 + 3) + (3 + 6)) / 3d, within(1e-9));
    assertThat(outcome.cloudOnlyCost()).isEqualTo(8);
    assertThat(outcome.shares()).containsExactly(1 / 3d, 1 / 3d, 1 / 3d);
  }

  @Test
  void shouldCountTheBytesThatACascadeMovesAsTheRouterDoes() {
    // Given a row of four tokens that the cloud answers, and a price of bytes
    ExitOutputs outputs =
        new ExitOutputs(
            new float[][][] {{{0, 0.1f}}, {{0, 0.1f}}, {{0, 0.1f}}},
            new float[1][2],
            new int[] {1},
            new int[] {4});
    Prices byBytes = new Prices(new Prices.Layer(1, 1, 1), 0, new Prices.Offload(3, 3, 5), 1024);
    List<Exit> exits = List.of(new Exit(1, 1, 0.9), new Exit(2, 1, 0.9), new Exit(3, 1, 0));

    // When
    CascadeOutcome outcome =
        CascadeOutcome.of(outputs, outputs.allRows(), exits, PathCosts.of(TIERS, byBytes, 10));

    // Then twice ids and state are paid for, and by the cloud alone the ids
    assertThat(outcome.cost()).isCloseTo(3 + 3 + 3 + 2 * 4 * (2 + 10), within(1e-9));
    assertThat(outcome.cloudOnlyCost()).isCloseTo(5 + 3 + 4 * 2, within(1e-9));
  }

  @Test
  void shouldAnswerMoreEarlyWhereBytesAreDear() {
    // Given rows, hops between neighbours that cost nothing but for their bytes, and a cheap cloud
    ExitOutputs heldOut = calibrated(2, 1_000);
    Prices.Layer layer = new Prices.Layer(1, 1, 0.1);
    Prices.Offload hop = new Prices.Offload(0, 0, 5);
    Calibration.Target target = new Calibration.Target(3, 0.9);

    // When
    Calibration free =
        Calibration.fit(heldOut, PathCosts.of(TIERS, new Prices(layer, 0, hop, 0), 768), target);
    Calibration dear =
        Calibration.fit(heldOut, PathCosts.of(TIERS, new Prices(layer, 0, hop, 1), 768), target);

    // Then
    assertThat(dear.predicted().shares().get(2)).isLessThan(free.predicted().shares().get(2));
  }

  @Test
  void shouldStillAnswerEarlyWhereNearlyAllOfTheCostIsBytes() {
    // Given hops that cost nothing but for their bytes, which are nearly all of the cost
    Prices byBytes = new Prices(new Prices.Layer(1, 1, 0.1), 0, new Prices.Offload(0, 0, 0), 4);

    // When
    Calibration calibration =
        Calibration.fit(
            calibrated(2, 1_000),
            PathCosts.of(TIERS, byBytes, 768),
            new Calibration.Target(3, 0.9));

    // Then
    assertThat(calibration.predicted().shares().get(2)).isLessThan(0.5);
    assertThat(calibration.dropBound()).isLessThanOrEqualTo(3);
  }

  @Test
  void shouldPriceAnAnswerFromWordsAlone() {
    // Given rows that words alone, mobile and cloud answer
    ExitOutputs outputs =
        new ExitOutputs(
            new float[][][] {
              {{0, 0.1f}, {0, 9}, {0, 0.1f}},
              {{0, 0.1f}, {0, 9}, {0, 0.1f}},
              {{0, 9}, {0, 9}, {0, 9}}
            },
            new float[3][2],
            new int[] {1, 1, 1},
            new int[] {5, 5, 5},
            new float[][] {{0, 9}, {0, 0.1f}, {0, 0.1f}});
    List<Exit> exits =
        List.of(new Exit(0, 1, 0.9), new Exit(1, 1, 0.9), new Exit(2, 1, 0.9), new Exit(3, 1, 0));

    // When
    CascadeOutcome outcome = CascadeOutcome.of(outputs, outputs.allRows(), exits, COSTS);

    // Then each pays for being asked, and the first for nothing else
    assertThat(outcome.cost()).isCloseTo(0.05 + (0 + 1 + (3 + 6)) / 3d, within(1e-9));
    assertThat(outcome.shares()).containsExactly(2 / 3d, 0d, 1 / 3d);
  }

  @Test
  void shouldAskWordsAloneWhereTheySaveCost() {
    // Given words that know as much as the first exit on the encoder
    ExitOutputs outputs = calibrated(2, 3_000);
    ExitOutputs withWords =
        new ExitOutputs(
            outputs.logits(),
            outputs.embeddings(),
            outputs.labels(),
            outputs.tokens(),
            outputs.logits()[1]);
    Calibration.Target target = new Calibration.Target(3, 0.9);

    // When
    Calibration with = Calibration.fit(withWords, COSTS, target);
    Calibration without = Calibration.fit(outputs, COSTS, target);

    // Then
    assertThat(with.asksWords()).isTrue();
    assertThat(with.predicted().cost()).isLessThan(0.8 * without.predicted().cost());
    assertThat(with.dropBound()).isLessThanOrEqualTo(3);
    assertThat(without.asksWords()).isFalse();
    assertThat(new Calibrator(withWords, TIERS).withoutWords().fit(COSTS, target).exits())
        .isEqualTo(without.exits());
  }

  @Test
  void shouldNotAskWordsAloneThatKnowNothing() {
    // Given
    ExitOutputs outputs = calibrated(2, 1_000);
    ExitOutputs withWords =
        new ExitOutputs(
            outputs.logits(),
            outputs.embeddings(),
            outputs.labels(),
            outputs.tokens(),
            noise(1_000));

    // When
    Calibration calibration = Calibration.fit(withWords, COSTS, new Calibration.Target(3, 0.9));

    // Then it is as if they were not there
    assertThat(calibration.asksWords()).isFalse();
    assertThat(calibration.exits())
        .isEqualTo(Calibration.fit(outputs, COSTS, new Calibration.Target(3, 0.9)).exits());
  }

  @Test
  void shouldLetWordsAloneAnswerEverythingAndSayWhatThatLoses() {
    // Given words that know less than the last exit
    ExitOutputs outputs = calibrated(2, 1_000);
    ExitOutputs withWords =
        new ExitOutputs(
            outputs.logits(),
            outputs.embeddings(),
            outputs.labels(),
            outputs.tokens(),
            outputs.logits()[0]);
    Calibration.Target target = new Calibration.Target(1, 0.9);

    // When
    Calibration calibration = new Calibrator(withWords, TIERS).fit(COSTS, target, WordsUse.ONLY);

    // Then
    assertThat(calibration.predicted().cost()).isCloseTo(0.05, within(1e-9));
    assertThat(calibration.predicted().accuracy()).isEqualTo(outputs.accuracy(1));
    assertThat(calibration.dropBound()).isGreaterThan(calibration.predicted().dropPoints());
    assertThat(calibration.reference().exits()).containsExactly(1d, 0d, 0d, 0d);
  }

  private static float[][] noise(int rows) {
    Random random = new Random(9);
    float[][] scores = new float[rows][2];
    for (float[] row : scores) {
      row[1] = (float) random.nextGaussian();
    }
    return scores;
  }

  /** Exits that are right as often as they say, the deeper the surer. */
  private static ExitOutputs calibrated(long seed, int rows) {
    Random random = new Random(seed);
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
    int[] tokens = new int[rows];
    Arrays.fill(tokens, 5);
    return new ExitOutputs(logits, embeddings, labels, tokens);
  }

  @Test
  void shouldSaveCostAndKeepItsPromiseOnNewRows() {
    // Given rows to fit on and many others
    ExitOutputs heldOut = calibrated(2, 3_000);
    ExitOutputs others = calibrated(3, 50_000);

    // When
    Calibration strict = Calibration.fit(heldOut, COSTS, new Calibration.Target(0.5, 0.9));
    Calibration loose = Calibration.fit(heldOut, COSTS, new Calibration.Target(3, 0.9));

    // Then more may be lost only where more is allowed, and less is paid for it
    for (Calibration calibration : List.of(strict, loose)) {
      CascadeOutcome outcome =
          CascadeOutcome.of(others, others.allRows(), calibration.exits(), COSTS);
      assertThat(outcome.dropPoints()).isLessThanOrEqualTo(calibration.dropBound());
      assertThat(outcome.cost()).isCloseTo(calibration.predicted().cost(), within(0.2));
      assertThat(calibration.exits()).extracting(Exit::depth).containsExactly(1, 2, 3);
    }
    assertThat(strict.dropBound()).isLessThanOrEqualTo(0.5);
    assertThat(loose.dropBound()).isBetween(0.5, 3.0);
    assertThat(loose.predicted().cost()).isLessThan(strict.predicted().cost());
  }

  @Test
  void shouldAnswerNothingEarlyWhenThatCannotBeShownToBeSafe() {
    // When 50 rows must prove a drop of less than 0.1 points
    Calibration calibration =
        Calibration.fit(calibrated(2, 50), COSTS, new Calibration.Target(0.1, 0.95));

    // Then
    assertThat(calibration.predicted().shares()).containsExactly(0.0, 0.0, 1.0);
    assertThat(calibration.predicted().dropPoints()).isZero();
    assertThat(calibration.dropBound()).isGreaterThan(0.1);
  }

  @Test
  void shouldAskForAtLeastTwoRows() {
    // Then the fewest rows promise nothing, and fewer are refused
    assertThat(Calibration.fit(calibrated(2, 2), COSTS, Calibration.Target.DEFAULT))
        .satisfies(c -> assertThat(c.predicted().shares()).containsExactly(0.0, 0.0, 1.0));
    assertThatThrownBy(() -> new Calibrator(calibrated(2, 1), TIERS))
        .isInstanceOf(DataException.class)
        .hasMessage("1 held-out rows are too few to calibrate on; valid: 2 and more");
  }

  @Test
  void shouldNotAskDeeperExitsThatAreNoBetter() {
    // Given a middle exit that says what the last one says, inside a tier that ends deeper
    ExitOutputs outputs = calibrated(2, 2_000);
    float[][][] logits = {
      outputs.logits()[0], outputs.logits()[2], outputs.logits()[2], outputs.logits()[2]
    };
    ExitOutputs copied =
        new ExitOutputs(logits, outputs.embeddings(), outputs.labels(), outputs.tokens());
    TierDepths tiers = new TierDepths(1, 3, 4);

    // When
    Calibration calibration =
        Calibration.fit(
            copied, PathCosts.of(tiers, Prices.DEFAULT, 2 * 384), new Calibration.Target(1, 0.9));

    // Then it answers nearly everything that gets there
    assertThat(calibration.exits()).extracting(Exit::depth).containsExactly(1, 2, 3, 4);
    assertThat(calibration.predicted().shares().get(2)).isLessThan(0.03);
    assertThat(calibration.exits().get(1).threshold(0))
        .isLessThan(calibration.exits().get(0).threshold(0));
  }

  @Test
  void shouldAskMoreConfidenceOfAClassThatAnExitNamesTooOften() {
    // Given a first exit that leans to class 1
    ExitOutputs outputs = calibrated(2, 4_000);
    for (float[] row : outputs.logits()[0]) {
      row[1] += 1.5f;
    }

    // When
    Calibration calibration = Calibration.fit(outputs, COSTS, new Calibration.Target(1, 0.9));

    // Then
    Exit first = calibration.exits().get(0);
    assertThat(first.threshold(1)).isGreaterThan(first.threshold(0));
  }

  @Test
  void shouldRefuseTargetsThatMeanNothing() {
    assertThatThrownBy(() -> new Calibration.Target(-1, 0.9)).hasMessageContaining("max-drop=-1");
    assertThatThrownBy(() -> new Calibration.Target(0.3, 1)).hasMessageContaining("confidence=1");
    assertThatThrownBy(() -> new Calibration.Target(Double.NaN, 0.9))
        .hasMessageContaining("max-drop=NaN");
  }

  @Test
  void shouldPutThePoolsAtTheMeansOfTheirRows() {
    // When rows lie by the strength of their evidence
    Calibration calibration =
        Calibration.fit(calibrated(2, 5_000), COSTS, new Calibration.Target(1, 0.9));

    // Then strong evidence is easy
    assertThat(calibration.pools().nearest(new float[] {6, 0})).isEqualTo(Pool.EASY);
    assertThat(calibration.pools().nearest(new float[] {0, 0})).isNotEqualTo(Pool.EASY);
  }
}
