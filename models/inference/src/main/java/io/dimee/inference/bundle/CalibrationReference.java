package io.dimee.inference.bundle;

import java.util.List;

/**
 * What a calibrated bundle made of the rows that were held out when it was trained: what live
 * events are compared with, to see whether they have drifted. Shares of exits and confidences are
 * those of every policy in which all exits may answer: where an event starts does not change which
 * exit answers it.
 *
 * @param rows held-out rows
 * @param pools share of rows that are nearest to each pool, easiest first; [pools], sums to 1
 * @param exits share of rows that each exit answers, shallowest first; [exits], sums to 1
 * @param confidences share of answers whose confidence lies in each of {@value #CONFIDENCE_BINS}
 *     bins of equal width, least confident first; [bins], sums to 1
 */
public record CalibrationReference(
    int rows, List<Double> pools, List<Double> exits, List<Double> confidences) {
  /** Bins over [0, 1]. */
  public static final int CONFIDENCE_BINS = 20;

  private static final double ROUNDING = 1e-6;

  /** Checks the shares. */
  public CalibrationReference {
    if (rows < 1) {
      throw new InvalidBundleException("reference: rows=%d must be 1 or more".formatted(rows));
    }
    requireShares("pools", pools, Pool.values().length);
    requireShares("exits", exits, exits == null ? 0 : exits.size());
    requireShares("confidences", confidences, CONFIDENCE_BINS);
    pools = List.copyOf(pools);
    exits = List.copyOf(exits);
    confidences = List.copyOf(confidences);
  }

  /**
   * Index of the bin of a confidence.
   *
   * @param confidence in [0, 1]
   */
  public static int confidenceBin(double confidence) {
    return Math.max(0, Math.min(CONFIDENCE_BINS - 1, (int) (confidence * CONFIDENCE_BINS)));
  }

  private static void requireShares(String key, List<Double> shares, int size) {
    if (shares == null
        || shares.isEmpty()
        || shares.size() != size
        || shares.stream().anyMatch(share -> share == null || !(share >= 0))
        || !(Math.abs(shares.stream().mapToDouble(Double::doubleValue).sum() - 1) < ROUNDING)) {
      throw new InvalidBundleException(
          "reference: %s=%s must be %s shares that sum to 1"
              .formatted(key, shares, size == 0 ? "some" : size));
    }
  }
}
