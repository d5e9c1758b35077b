package io.dimee.k8s.scaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A tier under a load, second by second, whose pods the autoscaler chooses.
 *
 * @param ratePerPod tasks a second that one pod answers
 * @param startSeconds from the decision until a new pod works
 * @param rebalanceSeconds in which nobody works whenever a pod comes or goes; more than what
 *     cooperative rebalancing takes, in which those that keep their partitions continue
 */
record Simulation(double ratePerPod, int startSeconds, int rebalanceSeconds) {
  /** The controller's default. */
  private static final int SYNC_SECONDS = 15;

  /** One second. */
  record Second(int second, double arrivals, double lag, int pods) {}

  List<Second> run(ScalingRule rule, List<? extends Number> arrivals) {
    Autoscaler autoscaler = new Autoscaler(rule);
    List<Second> seconds = new ArrayList<>();
    List<Integer> starting = new ArrayList<>();
    int pods = rule.least();
    int stoppedUntil = 0;
    double lag = 0;
    double busy = 0;
    double able = 0;
    for (int now = 0; now < arrivals.size(); now++) {
      int second = now;
      if (starting.removeIf(at -> at <= second)) {
        stoppedUntil = now + rebalanceSeconds;
      }
      int ready = pods - starting.size();
      double capacity = now < stoppedUntil ? 0 : ready * ratePerPod;
      double came = arrivals.get(now).doubleValue();
      double answered = Math.min(lag + came, capacity);
      lag += came - answered;
      busy += answered;
      able += ready * ratePerPod;
      if (now % SYNC_SECONDS == SYNC_SECONDS - 1) {
        int next = autoscaler.next(new Autoscaler.Seen(now, pods, ready, lag, busy / able));
        for (int i = pods; i < next; i++) {
          starting.add(now + startSeconds);
        }
        if (next < pods) {
          // the youngest go first, and those that have not started yet are the youngest
          int fewer = Math.min(starting.size(), pods - next);
          starting.subList(starting.size() - fewer, starting.size()).clear();
          stoppedUntil = now + rebalanceSeconds;
        }
        pods = next;
        busy = 0;
        able = 0;
      }
      seconds.add(new Second(now, came, lag, pods));
    }
    return seconds;
  }

  /** How often pods are taken away after some were added, or added after some were taken away. */
  static int turns(List<Second> seconds) {
    int turns = 0;
    int direction = 0;
    for (int i = 1; i < seconds.size(); i++) {
      int change = Integer.signum(seconds.get(i).pods - seconds.get(i - 1).pods);
      if (change != 0) {
        turns += direction != 0 && change != direction ? 1 : 0;
        direction = change;
      }
    }
    return turns;
  }

  /** When most records waited. */
  static Second peak(List<Second> seconds) {
    return seconds.stream().max(Comparator.comparingDouble(Second::lag)).orElseThrow();
  }

  /** When fewer than one pod's share waited again. */
  static Second drained(List<Second> seconds, int threshold) {
    int peak = peak(seconds).second;
    return seconds.stream()
        .filter(second -> second.second > peak && second.lag < threshold)
        .findFirst()
        .orElseThrow();
  }
}
