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
 * @param mostCharacters of all rows together that a model is trained on, as memory grows with them
 *     (about 60 bytes each); of more rows, some are taken
 * @param seed of folds and solver
 */
public record WordsSettings(
    List<Double> costs, int folds, int mostBytes, int mostCharacters, long seed) {
  private static final List<Double> COSTS = List.of(1.0, 4.0, 16.0, 64.0);
  private static final int FOLDS = 5;
  private static final int FEWEST_FOLDS = 2;
  private static final int MOST_BYTES = 2_500_000;
  private static final int MOST_CHARACTERS = 10_000_000;

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
    requirePositive("mostBytes", mostBytes);
    requirePositive("mostCharacters", mostCharacters);
  }

  /** The same with another number of folds. */
  public WordsSettings withFolds(int other) {
    return new WordsSettings(costs, other, mostBytes, mostCharacters, seed);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d, expected 1 or more".formatted(name, value));
    }
  }

  /** What measured best over ten data sets. */
  public static WordsSettings defaults(long seed) {
    return new WordsSettings(COSTS, FOLDS, MOST_BYTES, MOST_CHARACTERS, seed);
  }
}
