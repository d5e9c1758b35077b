package io.dimee.calibration.fit;

/**
 * Fits one temperature an exit by least negative log-likelihood (Guo et al. 2017, arXiv
 * 1706.04599). The likelihood is convex in 1/T, so golden-section search finds the minimum.
 */
public final class TemperatureScaling {
  private static final double LEAST_LOG = Math.log(0.2);
  private static final double MOST_LOG = Math.log(10);
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final double PRECISION = 1e-4;

  private TemperatureScaling() {}

  /**
   * Fits a temperature.
   *
   * @param logits [rows][classes]
   * @param labels [rows]
   */
  public static double fit(float[][] logits, int[] labels) {
    double low = LEAST_LOG;
    double high = MOST_LOG;
    while (high - low > PRECISION) {
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      if (negativeLogLikelihood(logits, labels, Math.exp(left))
          < negativeLogLikelihood(logits, labels, Math.exp(right))) {
        high = right;
      } else {
        low = left;
      }
    }
    return Math.exp((low + high) / 2);
  }

  /** Least negative log-likelihood that a temperature gives, in nats a row. */
  public static double loss(float[][] logits, int[] labels) {
    return negativeLogLikelihood(logits, labels, fit(logits, labels));
  }

  private static double negativeLogLikelihood(float[][] logits, int[] labels, double temperature) {
    double sum = 0;
    for (int row = 0; row < labels.length; row++) {
      double most = Double.NEGATIVE_INFINITY;
      for (float logit : logits[row]) {
        most = Math.max(most, logit / temperature);
      }
      double exponentials = 0;
      for (float logit : logits[row]) {
        exponentials += Math.exp(logit / temperature - most);
      }
      sum += most + Math.log(exponentials) - logits[row][labels[row]] / temperature;
    }
    return sum / labels.length;
  }
}
