package io.dimee.topology.ledger;

import java.util.ArrayList;
import java.util.List;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;

/**
 * Population stability index of counts against a reference: the sum over bins of (p - q) ln(p / q),
 * p being the share now and q that of the reference (Siddiqi, Credit Risk Scorecards, 2006). Bins
 * of which neither side has anything are left out; half a case is added to each of the others, so
 * that an empty one makes no infinity.
 *
 * @param value 0 when the shares are the same
 * @param noise what chance alone exceeds once in a thousand: between samples of sizes n and m from
 *     one population the index is distributed like chi-squared with bins - 1 degrees of freedom
 *     times 1/n + 1/m (Yurdakul and Naranjo, Statistical properties of the population stability
 *     index, Journal of Risk Model Validation 14(4), 2020)
 */
public record StabilityIndex(double value, double noise) {
  private static final double HALF_A_CASE = 0.5;
  private static final double PROBABILITY_OF_CHANCE = 0.001;

  /** A bin with less of the reference than that would be mostly noise. */
  private static final double LEAST_SHARE = 0.02;

  /**
   * Compares.
   *
   * @param counts cases now; [bins], not all 0
   * @param reference shares; [bins]
   * @param referenceRows cases that the shares are of
   */
  public static StabilityIndex of(List<Long> counts, List<Double> reference, int referenceRows) {
    List<double[]> bins = new ArrayList<>();
    for (int i = 0; i < reference.size(); i++) {
      double expected = reference.get(i) * referenceRows;
      double seen = counts.get(i);
      if (expected + seen > 0) {
        bins.add(new double[] {seen, expected});
      }
    }
    double seen = counts.stream().mapToLong(Long::longValue).sum() + HALF_A_CASE * bins.size();
    double expected = referenceRows + HALF_A_CASE * bins.size();
    double value = 0;
    for (double[] bin : bins) {
      double p = (bin[0] + HALF_A_CASE) / seen;
      double q = (bin[1] + HALF_A_CASE) / expected;
      value += (p - q) * Math.log(p / q);
    }
    return new StabilityIndex(value, noise(bins.size(), seen, expected));
  }

  private static double noise(int bins, double seen, double expected) {
    if (bins < 2) {
      return 0;
    }
    return new ChiSquaredDistribution(bins - 1)
            .inverseCumulativeProbability(1 - PROBABILITY_OF_CHANCE)
        * (1 / seen + 1 / expected);
  }

  /**
   * The same over fewer bins: neighbours are taken together until each has some of the reference.
   * For bins that have an order.
   */
  public static StabilityIndex ofOrdered(
      List<Long> counts, List<Double> reference, int referenceRows) {
    List<Long> fewerCounts = new ArrayList<>();
    List<Double> fewerShares = new ArrayList<>();
    long count = 0;
    double share = 0;
    for (int i = 0; i < reference.size(); i++) {
      count += counts.get(i);
      share += reference.get(i);
      if (share >= LEAST_SHARE) {
        fewerCounts.add(count);
        fewerShares.add(share);
        count = 0;
        share = 0;
      }
    }
    if (!fewerShares.isEmpty()) {
      int last = fewerShares.size() - 1;
      fewerCounts.set(last, fewerCounts.get(last) + count);
      fewerShares.set(last, fewerShares.get(last) + share);
    }
    return of(fewerCounts, fewerShares, referenceRows);
  }
}
