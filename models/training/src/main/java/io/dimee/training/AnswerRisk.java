package io.dimee.training;

import io.dimee.inference.ExitReading;

/**
 * Accuracy that is lost, in expectation, when an exit answers instead of the last one, as a
 * function of the exit's confidence. It is the product of how likely the two are to name different
 * classes, which falls with confidence, and of how much more often the last one is right where they
 * do.
 *
 * <p>Why not the exit's calibrated confidence itself: an event that one exit finds hard is hard for
 * the last one too, and an error that both make costs nothing.
 *
 * @param disagreement given the log-odds of the exit's confidence
 * @param advantage P(last right) - P(this right), given that they disagree; never below a floor,
 *     since a deeper exit that is no better on the fitted rows may be better on new ones, and every
 *     disagreement makes the drop harder to bound
 */
record AnswerRisk(LogisticRegression disagreement, double advantage) {
  private static final double PENALTY = 1e-3;

  /** A prior of four disagreements, three of which the last exit settles rightly. */
  private static final double PRIOR_ADVANTAGE = 2;

  private static final double PRIOR_ROWS = 4;

  private static final double LEAST_ADVANTAGE = 0.3;

  /** Fits the risk of the exit at a depth on rows. */
  static AnswerRisk fit(ExitOutputs outputs, int[] rows, int depth, double temperature) {
    int last = outputs.layers();
    double[][] features = new double[rows.length][];
    boolean[] differs = new boolean[rows.length];
    double advantage = PRIOR_ADVANTAGE;
    double disagreements = PRIOR_ROWS;
    for (int i = 0; i < rows.length; i++) {
      int row = rows[i];
      int label = ExitReading.of(depth, outputs.logits()[depth - 1][row], 1).label();
      int lastLabel = ExitReading.of(last, outputs.logits()[last - 1][row], 1).label();
      features[i] = new double[] {outputs.logOdds(depth, row, temperature)};
      differs[i] = label != lastLabel;
      if (differs[i]) {
        int gold = outputs.labels()[row];
        disagreements++;
        advantage += (lastLabel == gold ? 1 : 0) - (label == gold ? 1 : 0);
      }
    }
    return new AnswerRisk(
        LogisticRegression.fit(features, differs, PENALTY),
        Math.max(LEAST_ADVANTAGE, advantage / disagreements));
  }

  /**
   * Expected loss of accuracy, as a fraction.
   *
   * @param logOdds of the exit's calibrated confidence
   */
  double at(double logOdds) {
    return advantage * disagreement.probability(logOdds);
  }
}
