package io.dimee.topology.routing;

import io.dimee.avro.Prediction;
import java.time.Duration;
import java.time.Instant;

/**
 * Time between two clocks' readings, of which one is a user's: whatever they say, no arithmetic
 * overflows.
 */
public final class Latency {
  private static final Duration LONGEST = Duration.ofDays(365);

  private Latency() {}

  /** Milliseconds from an event's creation to its answer; the nearest long where they are more. */
  public static long millis(Prediction prediction) {
    long created = prediction.getCreatedAt().toEpochMilli();
    long predicted = prediction.getPredictedAt().toEpochMilli();
    long difference = predicted - created;
    boolean overflows = ((predicted ^ created) & (predicted ^ difference)) < 0;
    if (!overflows) {
      return difference;
    }
    return predicted < created ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  /** For metrics: nothing where the clocks disagree, and a year at most. */
  public static Duration between(Instant from, Instant to) {
    Duration duration = Duration.between(from, to);
    if (duration.isNegative()) {
      return Duration.ZERO;
    }
    return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
  }
}
