package io.dimee.topology.router;

import io.dimee.avro.Pool;
import io.dimee.avro.Reason;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.deadletters.DeadLetterCounters;
import io.dimee.topology.tier.AnswerMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the router does, as metrics; beside those of the tiers, under the tier "router". All are
 * there from the start, as dead letters are ({@link DeadLetterCounters}).
 */
public final class RouterMeters {
  private static final Tags TAGS = Tags.of("tier", "router");

  private final Timer time;
  private final Counter spills;
  private final AnswerMeters answers;
  private final DeadLetterCounters deadLetters;
  private final Map<Pool, Map<Tier, Counter>> routed = new EnumMap<>(Pool.class);

  /** Creates the metrics. */
  public RouterMeters(MeterRegistry registry) {
    this.time =
        Timer.builder("dimee.routing.time")
            .description("Time to turn an event into a task or an answer")
            .register(registry);
    this.spills =
        Counter.builder("dimee.spills")
            .description("Tasks sent to the cloud because the edge was behind")
            .tags(TAGS)
            .register(registry);
    this.answers = new AnswerMeters(registry, TAGS);
    answers.answersAt(Exit.WORDS);
    this.deadLetters = new DeadLetterCounters(registry, TAGS);
    for (Pool pool : Pool.values()) {
      Map<Tier, Counter> byStart = new EnumMap<>(Tier.class);
      for (Tier start : Tier.values()) {
        byStart.put(
            start,
            Counter.builder("dimee.routed")
                .description("Tasks created, by pool and the tier at which they start")
                .tag("pool", EnumNames.lower(pool))
                .tag("start", EnumNames.lower(start))
                .register(registry));
      }
      routed.put(pool, byStart);
    }
  }

  void answered(EventRouter.Answered event, Duration took) {
    time.record(took);
    answers.paid(event.own());
    answers.answered(event.prediction());
  }

  void routed(EventRouter.Routed event, Duration took) {
    time.record(took);
    event.task().getHops().forEach(answers::paid);
    if (event.task().getSpilled()) {
      spills.increment();
    }
    routed.get(event.task().getPool()).get(event.start()).increment();
  }

  void deadLetter(Reason reason) {
    deadLetters.count(reason);
  }
}
