package io.dimee.deploy.dashboard;

import io.dimee.avro.Prediction;
import io.dimee.avro.Tier;
import io.dimee.topology.routing.Latency;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Predictions and dead letters of the last minutes in steps of equal length, by the time at which
 * they were written. For one thread at a time.
 */
final class Series {
  /** Length of a step. */
  static final Duration STEP = Duration.ofSeconds(5);

  /** Steps that are kept. */
  private static final int STEPS = 180;

  /** Whole steps that the present rate is a mean of. */
  private static final int RATE_STEPS = 2;

  private static final long LONGEST_LATENCY_MS = Duration.ofDays(1).toMillis();

  private final Clock clock;
  private final TreeMap<Long, Step> steps = new TreeMap<>();

  Series(Clock clock) {
    this.clock = clock;
  }

  private static final class Step {
    private final Map<Tier, Long> answered = new EnumMap<>(Tier.class);
    private final Histogram latencies = new Histogram(2);
    private double cost;
    private double cloudOnlyCost;
    private long letters;

    private long count() {
      return latencies.getTotalCount();
    }
  }

  /**
   * The series at one moment.
   *
   * @param from begin of the first step, milliseconds of the epoch
   * @param steps oldest first, the last one not at its end
   * @param latencies of all steps
   * @param rates answers a second of each tier
   */
  record Window(long from, List<Point> steps, Latencies latencies, Map<Tier, Double> rates) {}

  /**
   * One step.
   *
   * @param answered predictions of each tier
   * @param cost mean of a prediction, in price units; NaN where there is none
   * @param cloudOnlyCost mean of what the cloud alone would have cost
   */
  record Point(
      Map<Tier, Long> answered,
      long letters,
      double cost,
      double cloudOnlyCost,
      Latencies latencies) {}

  /**
   * From the creation of events to their answers.
   *
   * @param p50 milliseconds
   */
  record Latencies(long count, long p50, long p90, long p99, long max) {
    private static Latencies of(Histogram histogram) {
      return new Latencies(
          histogram.getTotalCount(),
          histogram.getValueAtPercentile(50),
          histogram.getValueAtPercentile(90),
          histogram.getValueAtPercentile(99),
          histogram.getMaxValue());
    }
  }

  void add(Prediction prediction, Instant written) {
    Step step = step(written.toEpochMilli());
    if (step != null) {
      step.answered.merge(prediction.getTier(), 1L, Long::sum);
      long latency = Latency.millis(prediction);
      step.latencies.recordValue(Math.max(0, Math.min(LONGEST_LATENCY_MS, latency)));
      step.cost += prediction.getCost().getTotal();
      step.cloudOnlyCost += prediction.getCost().getCloudOnly();
    }
  }

  void addLetter(Instant written) {
    Step step = step(written.toEpochMilli());
    if (step != null) {
      step.letters++;
    }
  }

  /** Null for a time that is too long ago; what a clock that is ahead has written is now. */
  private Step step(long millis) {
    long now = now();
    long number = Math.min(now, Math.floorDiv(millis, STEP.toMillis()));
    steps.headMap(now - STEPS + 1).clear();
    return number <= now - STEPS ? null : steps.computeIfAbsent(number, n -> new Step());
  }

  private long now() {
    return Math.floorDiv(clock.millis(), STEP.toMillis());
  }

  Window window() {
    long now = now();
    long first = now - STEPS + 1;
    Histogram all = new Histogram(2);
    Step none = new Step();
    List<Point> points = new ArrayList<>(STEPS);
    for (long number = first; number <= now; number++) {
      Step step = steps.getOrDefault(number, none);
      all.add(step.latencies);
      points.add(
          new Point(
              Map.copyOf(step.answered),
              step.letters,
              step.cost / step.count(),
              step.cloudOnlyCost / step.count(),
              Latencies.of(step.latencies)));
    }
    Map<Tier, Double> rates = new EnumMap<>(Tier.class);
    for (Tier tier : Tier.values()) {
      long sum = 0;
      for (Point point : points.subList(STEPS - 1 - RATE_STEPS, STEPS - 1)) {
        sum += point.answered().getOrDefault(tier, 0L);
      }
      rates.put(tier, (double) sum / (RATE_STEPS * STEP.toSeconds()));
    }
    return new Window(first * STEP.toMillis(), points, Latencies.of(all), rates);
  }
}
