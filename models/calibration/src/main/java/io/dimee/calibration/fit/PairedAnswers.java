package io.dimee.calibration.fit;

import java.util.HashMap;
import java.util.Map;
import org.hipparchus.special.Erf;

/**
 * What early exits and the last one answer on the same rows, for the difference between the two by
 * any metric.
 *
 * @param classes of the data set
 * @param counts rows by their class and the two answers
 */
public record PairedAnswers(int classes, Map<Answers, Integer> counts) {
  private static final double POINTS = 100;

  /** One that a class may lose before it counts: a single row is no evidence. */
  private static final int CHANCE_ROWS = 1;

  /**
   * A row as it is counted.
   *
   * @param gold its class
   * @param last what the last exit answers
   * @param early what the first confident exit answers
   */
  public record Answers(int gold, int last, int early) {}

  /** Copies the counts. */
  public PairedAnswers {
    counts = Map.copyOf(counts);
  }

  /** Both samples together. */
  PairedAnswers plus(PairedAnswers other) {
    Map<Answers, Integer> sum = new HashMap<>(counts);
    other.counts.forEach((answers, count) -> sum.merge(answers, count, Integer::sum));
    return new PairedAnswers(classes, sum);
  }

  /** The rows on which one is right and the other is not. */
  PairedDrop drop() {
    int rows = 0;
    int lost = 0;
    int won = 0;
    for (Map.Entry<Answers, Integer> entry : counts.entrySet()) {
      Answers row = entry.getKey();
      rows += entry.getValue();
      boolean earlyIsRight = row.early() == row.gold();
      boolean lastIsRight = row.last() == row.gold();
      lost += lastIsRight && !earlyIsRight ? entry.getValue() : 0;
      won += earlyIsRight && !lastIsRight ? entry.getValue() : 0;
    }
    return new PairedDrop(rows, lost, won);
  }

  private ClassCounts count(boolean early) {
    ClassCounts sum = new ClassCounts(classes);
    counts.forEach((row, count) -> sum.add(row.gold(), early ? row.early() : row.last(), count));
    return sum;
  }

  /** How much less the early answers reach by a metric, in points. */
  public double points(Metric metric) {
    return POINTS * (metric.of(count(false)) - metric.of(count(true)));
  }

  /**
   * Upper end of a one-sided confidence interval for the difference on all rows there could be.
   *
   * <p>For accuracy it is Tango's, see {@link PairedDrop}. Other metrics are no means over rows.
   * Their bound is the estimate and the root of two squares: the normal quantile times the
   * jackknife's standard error (Miller 1974, "The jackknife: a review"), and what the metric would
   * lose by as many lost rows as may well be expected where none was seen, ln(1 / (1 -
   * confidence)), in the class where they harm most. Without the second, a sample in which no
   * answer differs, or none of a rare class, would be certain of what it cannot know.
   *
   * @param confidence that the drop is not above it, in (0.5, 1)
   * @return in points
   */
  public double upperBound(Metric metric, double confidence) {
    if (metric.kind() == Metric.Kind.ACCURACY) {
      return drop().upperBound(confidence);
    }
    ClassCounts last = count(false);
    ClassCounts early = count(true);
    double drop = metric.of(last) - metric.of(early);
    double z = Math.sqrt(2) * Erf.erfInv(2 * confidence - 1);
    double unseen = unseen(metric, last, early, drop, -Math.log(1 - confidence));
    double error = z * standardError(metric, last, early);
    return Math.min(POINTS, POINTS * (drop + Math.sqrt(error * error + unseen * unseen)));
  }

  /** Rows of the same answers change the metric alike, so each kind is left out once. */
  private double standardError(Metric metric, ClassCounts last, ClassCounts early) {
    double rows = last.rows();
    double sum = 0;
    double squares = 0;
    for (Map.Entry<Answers, Integer> entry : counts.entrySet()) {
      Answers row = entry.getKey();
      last.add(row.gold(), row.last(), -1);
      early.add(row.gold(), row.early(), -1);
      double without = metric.of(last) - metric.of(early);
      last.add(row.gold(), row.last(), 1);
      early.add(row.gold(), row.early(), 1);
      sum += entry.getValue() * without;
      squares += entry.getValue() * without * without;
    }
    double variance = Math.max(0, squares / rows - sum / rows * (sum / rows));
    return Math.sqrt((rows - 1) * variance);
  }

  /** What so many lost rows of one class would add to the drop, in the worst class. */
  private double unseen(
      Metric metric, ClassCounts last, ClassCounts early, double drop, double rows) {
    int frequent = 0;
    for (int label = 1; label < classes; label++) {
      frequent = early.gold(label) > early.gold(frequent) ? label : frequent;
    }
    double most = 0;
    for (int label = 0; label < classes; label++) {
      double some = Math.min(rows, early.right(label));
      for (int wrong : new int[] {frequent, Math.max(0, metric.label()), (label + 1) % classes}) {
        if (some > 0 && wrong != label) {
          ClassCounts worse = new ClassCounts(early);
          worse.move(label, label, wrong, some);
          most = Math.max(most, metric.of(last) - metric.of(worse) - drop);
        }
      }
    }
    return most;
  }

  /**
   * Recall that the class with the largest loss loses by early answers, but for one of its rows, in
   * points.
   */
  public double worstClassPoints() {
    ClassCounts last = count(false);
    ClassCounts early = count(true);
    double worst = Double.NEGATIVE_INFINITY;
    for (int label = 0; label < classes; label++) {
      if (last.gold(label) > 0) {
        double lost = last.right(label) - early.right(label) - CHANCE_ROWS;
        worst = Math.max(worst, POINTS * lost / last.gold(label));
      }
    }
    return worst;
  }
}
