package io.dimee.calibration.fit;

import java.util.stream.IntStream;

/**
 * How much of what words alone say is added to what an exit says: stacked generalization (Wolpert
 * 1992) with one weight an exit. Words see what a shallow exit has not yet read, and errs elsewhere
 * than a deep one.
 */
final class WordsStacking {
  /** Largest weight that is tried, in units of the two temperatures. */
  private static final double LARGEST = 2;

  private static final double PRECISION = 0.05;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** Quantile 0.95 of the chi-squared distribution with one degree of freedom. */
  private static final double EVIDENCE = 3.84;

  private WordsStacking() {}

  /**
   * The weight of each exit whose likelihood on held-out rows it raises by more than chance would
   * (a likelihood ratio test at 0.05), and 0 for the others.
   *
   * @param heldOut with what words alone say; no row of no class among them
   * @return by depth, with 0 for the depth 0; [layers + 1]
   */
  static double[] weights(ExitOutputs heldOut) {
    double words = TemperatureScaling.fit(heldOut.words(), heldOut.labels());
    double[] weights = new double[heldOut.layers() + 1];
    IntStream.rangeClosed(1, heldOut.layers())
        .parallel()
        .forEach(depth -> weights[depth] = weight(heldOut, depth, words));
    return weights;
  }

  /**
   * The best weight of an exit, by golden-section search: the loss is convex in logits and words.
   *
   * @param words temperature of the classifier of words alone
   */
  private static double weight(ExitOutputs heldOut, int depth, double words) {
    double unit = TemperatureScaling.fit(heldOut.scores(depth), heldOut.labels()) / words;
    double low = 0;
    double high = LARGEST;
    while (high - low > PRECISION) {
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      if (loss(heldOut, depth, left * unit) < loss(heldOut, depth, right * unit)) {
        high = right;
      } else {
        low = left;
      }
    }
    double best = (low + high) / 2 * unit;
    double gained = loss(heldOut, depth, 0) - loss(heldOut, depth, best);
    return 2 * heldOut.rows() * gained > EVIDENCE ? best : 0;
  }

  private static double loss(ExitOutputs heldOut, int depth, double weight) {
    float[][] sums = new float[heldOut.rows()][];
    for (int row = 0; row < sums.length; row++) {
      float[] scores = heldOut.scores(depth)[row].clone();
      for (int i = 0; i < scores.length; i++) {
        scores[i] += (float) (weight * heldOut.words()[row][i]);
      }
      sums[row] = scores;
    }
    return TemperatureScaling.loss(sums, heldOut.labels());
  }
}
