package io.dimee.topology;

import io.dimee.avro.Reason;
import io.dimee.serdes.EnumNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the router does, as metrics; beside those of the tiers, under the tier "router". */
public final class RouterMeters {
  private static final Tags TAGS = Tags.of("tier", "router");

  private final MeterRegistry registry;
  private final Timer time;
  private final Counter spills;
  private final DeadLetterCounters deadLetters;
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();

  /** Creates the metrics. */
  public RouterMeters(MeterRegistry registry) {
    this.registry = registry;
    this.time =
        Timer.builder("dimee.routing.time")
            .description("From an event to its task")
            .register(registry);
    this.spills =
        Counter.builder("dimee.spills")
            .description("Tasks sent to the cloud since the edge was behind")
            .tags(TAGS)
            .register(registry);
    this.deadLetters = new DeadLetterCounters(registry, TAGS);
  }

  void routed(EventRouter.Routed routed, Duration took) {
    time.record(took);
    if (routed.task().getSpilled()) {
      spills.increment();
    }
    String pool = EnumNames.lower(routed.task().getPool());
    String start = EnumNames.lower(routed.start());
    counters
        .computeIfAbsent(
            pool + "|" + start,
            none ->
                Counter.builder("dimee.routed")
                    .description("Tasks made, by pool and the tier at which they start")
                    .tag("pool", pool)
                    .tag("start", start)
                    .register(registry))
        .increment();
  }

  void deadLetter(Reason reason) {
    deadLetters.count(reason);
  }
}
