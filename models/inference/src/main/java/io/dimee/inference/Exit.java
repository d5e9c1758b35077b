package io.dimee.inference;

/**
 * A classifier head's calibration.
 *
 * @param depth encoder layers below the head
 * @param temperature divides the logits before softmax (Guo et al. 2017, arXiv 1706.04599)
 * @param threshold least confidence at which the exit answers, in [0, 1]; at 1 it never does, since
 *     a confidence of 1 is a rounding error
 */
public record Exit(int depth, double temperature, double threshold) {
  /** Checks the numbers. */
  public Exit {
    if (depth < 1) {
      throw new InvalidBundleException("exits: depth=%d must be 1 or more".formatted(depth));
    }
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new InvalidBundleException(
          "exits: temperature=%s at depth %d must be above 0".formatted(temperature, depth));
    }
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new InvalidBundleException(
          "exits: threshold=%s at depth %d must lie in [0, 1]".formatted(threshold, depth));
    }
  }

  /** Whether a reading is confident enough. */
  public boolean answers(ExitReading reading) {
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
