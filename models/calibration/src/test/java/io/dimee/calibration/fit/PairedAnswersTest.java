package io.dimee.calibration.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dimee.calibration.fit.PairedAnswers.Answers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class PairedAnswersTest {
  private static final double CONFIDENCE = 0.9;
  private static final int SAMPLES = 600;

  /** Three standard deviations of a share of so many samples. */
  private static final double CHANCE = 3 * Math.sqrt(CONFIDENCE * (1 - CONFIDENCE) / SAMPLES);

  private static final List<String> LABELS = List.of("a", "b", "c");

  /**
   * All rows there could be, as shares.
   *
   * @param priors share of each class
   * @param right share of each class that the last exit answers rightly
   * @param spoilt share of those that the early exit does not
   * @param won share of the others that the early exit answers rightly
   */
  private record World(double[] priors, double right, double[] spoilt, double won) {
    Answers draw(Random random) {
      int gold = of(random, priors);
      int wrong = (gold + 1 + random.nextInt(priors.length - 1)) % priors.length;
      boolean lastIsRight = random.nextDouble() < right;
      boolean earlyIsRight =
          lastIsRight ? random.nextDouble() >= spoilt[gold] : random.nextDouble() < won;
      return new Answers(gold, lastIsRight ? gold : wrong, earlyIsRight ? gold : wrong);
    }

    private static int of(Random random, double[] shares) {
      double left = random.nextDouble();
      for (int i = 0; i < shares.length - 1; i++) {
        left -= shares[i];
        if (left < 0) {
          return i;
        }
      }
      return shares.length - 1;
    }

    PairedAnswers sample(Random random, int rows) {
      Map<Answers, Integer> counts = new HashMap<>();
      for (int row = 0; row < rows; row++) {
        counts.merge(draw(random), 1, Integer::sum);
      }
      return new PairedAnswers(priors.length, counts);
    }
  }

  static List<Arguments> worlds() {
    double[] airline = {0.63, 0.21, 0.16};
    double[] spam = {0.866, 0.134};
    double[] rare = {0.9, 0.08, 0.02};
    return List.of(
        Arguments.of("macro-f1", new World(airline, 0.84, new double[] {0.01, 0.03, 0.04}, 0.05)),
        Arguments.of("macro-f1", new World(airline, 0.84, new double[] {0, 0, 0.01}, 0)),
        Arguments.of("macro-f1", new World(rare, 0.95, new double[] {0, 0, 0.1}, 0)),
        Arguments.of("macro-f1", new World(rare, 0.95, new double[] {0.005, 0.01, 0.05}, 0.1)),
        Arguments.of("f1:b", new World(spam, 0.98, new double[] {0.001, 0.01}, 0.1)),
        Arguments.of("f1:b", new World(spam, 0.98, new double[] {0.01, 0.03}, 0)),
        Arguments.of("f1:b", new World(spam, 0.98, new double[] {0, 0.004}, 0)),
        Arguments.of(
            "matthews", new World(new double[] {0.3, 0.7}, 0.85, new double[] {0.01, 0.01}, 0.02)),
        Arguments.of("matthews", new World(airline, 0.84, new double[] {0.005, 0.01, 0.02}, 0.02)),
        Arguments.of("accuracy", new World(airline, 0.84, new double[] {0.01, 0.01, 0.01}, 0.02)));
  }

  /** Drop on so many rows that chance no longer counts. */
  private static double truth(World world, Metric metric) {
    return world.sample(new Random(3), 2_000_000).points(metric);
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void shouldBoundTheDropAsOftenAsItSays(String name, World world) {
    // Given what the drop is on all rows
    Metric metric = Metric.parse(name, LABELS.subList(0, world.priors().length));
    double truth = truth(world, metric);
    Random random = new Random(11);

    for (int rows : new int[] {500, 1_500}) {
      // When it is bounded on samples
      int held = 0;
      for (int sample = 0; sample < SAMPLES; sample++) {
        held += world.sample(random, rows).upperBound(metric, CONFIDENCE) >= truth ? 1 : 0;
      }

      // Then
      assertThat(held / (double) SAMPLES)
          .as("%s on %d rows, a drop of %.3f points", name, rows, truth)
          .isGreaterThanOrEqualTo(CONFIDENCE - CHANCE);
    }
  }

  @Test
  void shouldComeDownToTheDropWithMoreRows() {
    World world = new World(new double[] {0.6, 0.4}, 0.9, new double[] {0.01, 0.01}, 0.02);
    Metric metric = Metric.parse("macro-f1", LABELS);
    Random random = new Random(1);

    double few = world.sample(random, 1_000).upperBound(metric, CONFIDENCE);
    double many = world.sample(random, 100_000).upperBound(metric, CONFIDENCE);

    assertThat(many).isLessThan(few).isCloseTo(truth(world, metric), within(0.1));
  }

  @Test
  void shouldNotBeCertainWhereNoAnswerDiffers() {
    PairedAnswers same =
        new PairedAnswers(2, Map.of(new Answers(0, 0, 0), 900, new Answers(1, 1, 1), 100));

    assertThat(same.points(Metric.parse("macro-f1", LABELS))).isZero();
    assertThat(same.upperBound(Metric.parse("f1:b", LABELS.subList(0, 2)), CONFIDENCE))
        .isBetween(1.0, 1.3);
  }

  @Test
  void shouldCountWhatTheWorstClassLosesButForOneRow() {
    PairedAnswers answers =
        new PairedAnswers(
            2,
            Map.of(
                new Answers(0, 0, 0), 95,
                new Answers(0, 0, 1), 5,
                new Answers(1, 1, 1), 17,
                new Answers(1, 1, 0), 3));

    assertThat(answers.worstClassPoints()).isCloseTo(10, within(1e-9));
  }
}
