package io.dimee.calibration.data;

import java.util.Locale;

/** How GLUE scores a task: a number that is higher for better answers, 1 for perfect ones. */
public enum Score {
  /** Share of right answers. */
  ACCURACY,
  /** Harmonic mean of precision and recall of class 1. */
  F1,
  /** Matthews correlation coefficient (1975) of two classes: 0 for answers without information. */
  MATTHEWS;

  /** Name in reports. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Scores answers.
   *
   * @param gold right class of each row
   * @param answers given class of each row
   */
  public double of(int[] gold, int[] answers) {
    return switch (this) {
      case ACCURACY -> accuracy(gold, answers);
      case F1 -> f1(gold, answers);
      case MATTHEWS -> matthews(gold, answers);
    };
  }

  private static double accuracy(int[] gold, int[] answers) {
    int right = 0;
    for (int i = 0; i < gold.length; i++) {
      right += gold[i] == answers[i] ? 1 : 0;
    }
    return (double) right / gold.length;
  }

  private static double count(int[] gold, int[] answers, int goldClass, int answer) {
    int count = 0;
    for (int i = 0; i < gold.length; i++) {
      count += gold[i] == goldClass && answers[i] == answer ? 1 : 0;
    }
    return count;
  }

  private static double f1(int[] gold, int[] answers) {
    double both = 2 * count(gold, answers, 1, 1);
    double either = both + count(gold, answers, 1, 0) + count(gold, answers, 0, 1);
    return either == 0 ? 0 : both / either;
  }

  private static double matthews(int[] gold, int[] answers) {
    double tp = count(gold, answers, 1, 1);
    double tn = count(gold, answers, 0, 0);
    double fp = count(gold, answers, 0, 1);
    double fn = count(gold, answers, 1, 0);
    double norm = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
    return norm == 0 ? 0 : (tp * tn - fp * fn) / norm;
  }
}
