package io.dimee.k8s.scaling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.function.IntBinaryOperator;

/**
 * Kubernetes' HorizontalPodAutoscaler for the metrics that KEDA gives it: the most that any metric
 * asks for, held back by the stabilization windows, and by what the policies let come or go within
 * their periods.
 */
final class Autoscaler {
  /** What the controller takes for no difference. */
  private static final double TOLERANCE = 0.1;

  private final ScalingRule rule;
  private final Deque<At> recommendations = new ArrayDeque<>();
  private final Deque<At> changes = new ArrayDeque<>();

  Autoscaler(ScalingRule rule) {
    this.rule = rule;
  }

  /** A number of pods, or by how many it changed. */
  private record At(int second, int pods) {}

  /**
   * What is seen at a moment.
   *
   * @param pods that there should be now
   * @param ready those of them that work
   * @param lag records that wait
   * @param use of their requested CPU by those that work, 1 for all of it
   */
  record Seen(int second, int pods, int ready, double lag, double use) {}

  /** How many pods there should be from now on. */
  int next(Seen seen) {
    int wanted = Math.max(rule.least(), Math.min(rule.most(), wanted(seen)));
    recommendations.add(new At(seen.second, wanted));
    int next = limited(seen, stabilized(seen));
    if (next != seen.pods) {
      changes.add(new At(seen.second, next - seen.pods));
    }
    return next;
  }

  private int wanted(Seen seen) {
    int byLag = byLag(seen);
    return rule.cpuPercent() == null ? byLag : Math.max(byLag, byUse(seen));
  }

  private int byLag(Seen seen) {
    // KEDA counts no more pods than there are partitions
    double lag = Math.min(seen.lag, (double) rule.most() * rule.lagThreshold());
    double ratio = lag / ((double) rule.lagThreshold() * seen.pods);
    return isClose(ratio) ? seen.pods : (int) Math.ceil(lag / rule.lagThreshold());
  }

  private int byUse(Seen seen) {
    double ratio = seen.use * 100 / rule.cpuPercent();
    if (isClose(ratio)) {
      return seen.pods;
    }
    if (ratio < 1 || seen.ready == seen.pods) {
      return (int) Math.ceil(ratio * seen.ready);
    }
    // those that are not ready yet are taken to be idle, so that they are not asked for twice
    double withAll = ratio * seen.ready / seen.pods;
    return isClose(withAll) || withAll < 1 ? seen.pods : (int) Math.ceil(withAll * seen.pods);
  }

  private static boolean isClose(double ratio) {
    return Math.abs(1 - ratio) <= TOLERANCE;
  }

  private int stabilized(Seen seen) {
    int up = extreme(seen.second, rule.up(), Math::min).orElseThrow();
    int down = extreme(seen.second, rule.down(), Math::max).orElseThrow();
    return Math.min(Math.max(seen.pods, up), down);
  }

  private OptionalInt extreme(int now, ScalingRule.Direction direction, IntBinaryOperator chosen) {
    return recommendations.stream()
        .filter(at -> at.second >= now - direction.stabilizationSeconds())
        .mapToInt(At::pods)
        .reduce(chosen);
  }

  private int limited(Seen seen, int pods) {
    if (pods > seen.pods) {
      int most =
          rule.up().policies().stream()
              .mapToInt(policy -> (int) Math.ceil(limit(seen, policy, 1)))
              .max()
              .orElseThrow();
      return Math.min(pods, Math.max(most, seen.pods));
    }
    if (pods < seen.pods) {
      int least =
          rule.down().policies().stream()
              .mapToInt(policy -> (int) limit(seen, policy, -1))
              .min()
              .orElseThrow();
      return Math.max(pods, Math.min(least, seen.pods));
    }
    return pods;
  }

  private double limit(Seen seen, ScalingRule.Policy policy, int sign) {
    int changed =
        changes.stream()
            .filter(at -> at.second > seen.second - policy.periodSeconds())
            .mapToInt(At::pods)
            .sum();
    int begin = seen.pods - changed;
    return policy.percent()
        ? begin * (1 + sign * policy.value() / 100.0)
        : begin + sign * policy.value();
  }
}
