package io.dimee.calibration.fit;

import org.hipparchus.analysis.solvers.BrentSolver;
import org.hipparchus.special.Erf;

/**
 * How much less often early answers are right than those of the last exit, on the same rows. Only
 * rows on which the two differ count, so the estimate is far surer than two accuracies would make
 * it.
 *
 * @param rows all rows
 * @param lost rows that only the last exit answers rightly
 * @param won rows that only the early answer is right on
 */
public record PairedDrop(int rows, int lost, int won) {
  private static final double POINTS = 100;
  private static final double PRECISION = 1e-9;
  private static final int MOST_EVALUATIONS = 200;

  /** Both samples together. */
  PairedDrop plus(PairedDrop other) {
    return new PairedDrop(rows + other.rows, lost + other.lost, won + other.won);
  }

  /** The drop on these rows, in points. */
  public double points() {
    return POINTS * (lost - won) / rows;
  }

  /**
   * Upper end of a one-sided score interval for the drop on all rows there could be (Tango 1998,
   * "Equivalence test and confidence interval for the difference in proportions for the
   * paired-sample design"): the test that clinical trials use to show that something is not worse.
   * It is sound with few differing rows, or none, where a bootstrap would be certain of what it
   * cannot know.
   *
   * @param confidence that the drop is not above it, in (0.5, 1)
   * @return in points
   */
  public double upperBound(double confidence) {
    double z = Math.sqrt(2) * Erf.erfInv(2 * confidence - 1);
    double low = (double) (lost - won) / rows;
    if (low >= 1 - PRECISION) {
      return POINTS;
    }
    double bound =
        new BrentSolver(PRECISION)
            .solve(MOST_EVALUATIONS, drop -> score(drop) + z, low + PRECISION, 1 - PRECISION);
    return POINTS * bound;
  }

  /** Lower end of the same interval, in points. */
  public double lowerBound(double confidence) {
    return -new PairedDrop(rows, /* lost= */ won, /* won= */ lost).upperBound(confidence);
  }

  /** Tango's statistic: standard deviations by which the sample lies above a supposed drop. */
  private double score(double drop) {
    double a = 2.0 * rows;
    double b = -lost - won + (2.0 * rows - lost + won) * drop;
    double c = -won * drop * (1 - drop);
    double wonShare = (Math.sqrt(b * b - 4 * a * c) - b) / (2 * a);
    double variance = rows * (2 * wonShare + drop * (1 - drop));
    return (lost - won - rows * drop) / Math.sqrt(variance);
  }
}
