package io.dimee.calibration.words;

import java.util.List;

/**
 * How the classifier is trained.
 *
 * @param costs what a wrong row may cost against large weights (the C of LIBLINEAR); the best on
 *     rows held out is taken
 * @param folds parts of the rows; what is said about a part comes from a model trained on the
 *     others
 * @param mostBytes about the most that a model's file may take
 * @param seed of folds and solver
 */
public record WordsSettings(List<Double> costs, int folds, int mostBytes, long seed) {
  private static final List<Double> COSTS = List.of(1.0, 4.0, 16.0, 64.0);
  private static final int FOLDS = 4;
  private static final int FEWEST_FOLDS = 2;
  private static final int MOST_BYTES = 2_500_000;

  /** Checks the settings. */
  public WordsSettings {
    costs = List.copyOf(costs);
    if (costs.isEmpty() || costs.stream().anyMatch(cost -> !(cost > 0))) {
      throw new IllegalArgumentException("costs are %s, expected numbers over 0".formatted(costs));
    }
    if (folds < FEWEST_FOLDS) {
      throw new IllegalArgumentException(
          "folds is %d, expected %d or more".formatted(folds, FEWEST_FOLDS));
    }
    if (mostBytes < 1) {
      throw new IllegalArgumentException(
          "mostBytes is %d, expected 1 or more".formatted(mostBytes));
    }
  }

  /** What measured best over ten data sets. */
  public static WordsSettings defaults(long seed) {
    return new WordsSettings(COSTS, FOLDS, MOST_BYTES, seed);
  }
}
