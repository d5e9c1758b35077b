package io.dimee.topology.worker;

import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.EnumNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** How the consumer loops of a tier's workers are, as metrics. For several threads. */
public final class WorkerMeters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final Counter failures;
  private final List<WorkerPulse> pulses = new CopyOnWriteArrayList<>();

  /** Creates the metrics of a tier's workers. */
  public WorkerMeters(MeterRegistry registry, Tier tier) {
    this.registry = registry;
    this.tags = Tags.of("tier", EnumNames.lower(tier));
    this.failures =
        Counter.builder("dimee.commit.failures")
            .description("Failed commits of batches")
            .tags(tags)
            .register(registry);
    oldest(
        "dimee.batch.age",
        "Age of the oldest batch being processed; 0 without one",
        WorkerPulse::batchAge);
    oldest("dimee.poll.age", "Age of the oldest poll among workers", WorkerPulse::sinceTurn);
  }

  private void oldest(String name, String description, Function<WorkerPulse, Duration> age) {
    TimeGauge.builder(
            name,
            pulses,
            TimeUnit.NANOSECONDS,
            all -> all.stream().map(age).mapToLong(Duration::toNanos).max().orElse(0))
        .description(description)
        .tags(tags)
        .register(registry);
  }

  /** Adds a worker's pulse. */
  void add(WorkerPulse pulse) {
    pulses.add(pulse);
  }

  void commitFailed() {
    failures.increment();
  }
}
