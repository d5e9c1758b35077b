package io.dimee.inference.bundle;

import java.util.List;

/**
 * A classifier's calibration: of a head on the encoder, or of the one that reads words alone.
 *
 * @param depth encoder layers below the head; 0 for the classifier that reads words alone
 * @param temperature divides the logits before softmax (Guo et al. 2017, arXiv 1706.04599)
 * @param thresholds least confidence at which the exit answers, in [0, 1], for each class that it
 *     may name, or one for all; at 1 it never does, since a confidence of 1 is a rounding error
 */
public record Exit(int depth, double temperature, List<Double> thresholds) {
  /** Depth of the exit that reads words alone, which the router asks before any layer runs. */
  public static final int WORDS = 0;

  /** Checks the numbers. */
  public Exit {
    if (depth < WORDS) {
      throw new InvalidBundleException("exits: depth=%d must be 0 or more".formatted(depth));
    }
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new InvalidBundleException(
          "exits: temperature=%s at depth %d must be above 0".formatted(temperature, depth));
    }
    if (thresholds == null
        || thresholds.isEmpty()
        || thresholds.stream().anyMatch(t -> t == null || !(t >= 0 && t <= 1))) {
      throw new InvalidBundleException(
          "exits: thresholds=%s at depth %d must lie in [0, 1]".formatted(thresholds, depth));
    }
    thresholds = List.copyOf(thresholds);
  }

  /** An exit with one threshold for all classes. */
  public Exit(int depth, double temperature, double threshold) {
    this(depth, temperature, List.of(threshold));
  }

  /** Least confidence at which the exit answers with a class. */
  public double threshold(int label) {
    return thresholds.get(thresholds.size() == 1 ? 0 : label);
  }

  /** Whether every reading is confident enough. */
  public boolean answersAll() {
    return thresholds.stream().allMatch(threshold -> threshold == 0);
  }

  /** Whether a reading is confident enough. */
  public boolean answers(ExitReading reading) {
    double threshold = threshold(reading.label());
    return threshold < 1 && reading.confidence() >= threshold;
  }

  /**
   * Reads one row of logits.
   *
   * @param logits class scores; [classes]
   */
  public ExitReading read(float[] logits) {
    return ExitReading.of(depth, logits, temperature);
  }
}
