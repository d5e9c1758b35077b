package io.dimee.calibration.fit;

import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Accuracy that is lost, in expectation, when an exit answers instead of the last one, as a
 * function of the class that it names and of its confidence. It is the product of how likely the
 * two are to name different classes, which falls with confidence, and of how much more often the
 * last one is right where they do.
 *
 * <p>Why not the exit's calibrated confidence itself: an event that one exit finds hard is hard for
 * the last one too, and an error that both make costs nothing.
 *
 * @param disagreement given the log-odds of the exit's confidence, and which of the classes but the
 *     first it names: an exit that has learned one class before the other errs with the other
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
    float[][] own = outputs.scores(depth);
    Exit lastExit = new Exit(outputs.layers(), 1, 0);
    double[][] features = new double[rows.length][];
    boolean[] differs = new boolean[rows.length];
    double advantage = PRIOR_ADVANTAGE;
    double disagreements = PRIOR_ROWS;
    for (int i = 0; i < rows.length; i++) {
      int row = rows[i];
      int label = ExitReading.of(depth, own[row], 1).label();
      int lastLabel = outputs.answer(lastExit, row);
      features[i] = features(outputs.logOdds(depth, row, temperature), label, own[row].length);
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

  private static double[] features(double logOdds, int label, int classes) {
    double[] features = new double[classes];
    features[0] = logOdds;
    if (label > 0) {
      features[label] = 1;
    }
    return features;
  }

  private int classes() {
    return disagreement.weights().getDimension();
  }

  /**
   * Expected loss of accuracy, as a fraction.
   *
   * @param logOdds of the exit's calibrated confidence
   * @param label that it names
   */
  double at(double logOdds, int label) {
    return advantage * disagreement.probability(features(logOdds, label, classes()));
  }

  /**
   * Least confidence, for each class, at which the risk is no more than the given one. Where
   * confidence does not lower the risk, it says nothing, and no confidence is enough.
   */
  List<Double> thresholds(double most) {
    double slope = disagreement.weights().getEntry(0);
    return IntStream.range(0, classes())
        .mapToObj(label -> slope < 0 ? threshold(most, label, slope) : 1.0)
        .toList();
  }

  private double threshold(double most, int label, double slope) {
    double share = most / advantage;
    if (share >= 1) {
      return 0;
    }
    double offset = disagreement.bias() + (label > 0 ? disagreement.weights().getEntry(label) : 0);
    double logOdds = (Math.log(share / (1 - share)) - offset) / slope;
    return 1 / (1 + Math.exp(-logOdds));
  }
}
