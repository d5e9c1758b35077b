package io.dimee.topology.deadletters;

import io.dimee.avro.Reason;
import io.dimee.serdes.EnumNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts dead letters by reason. All reasons are there from the start: a rate does not see that a
 * counter begins at 1, so the first dead letter of a process would alarm nobody.
 */
public final class DeadLetterCounters {
  private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

  /** Creates a counter for each reason. */
  public DeadLetterCounters(MeterRegistry registry, Tags tags) {
    for (Reason reason : Reason.values()) {
      counters.put(
          reason,
          Counter.builder("dimee.dead.letters")
              .description("Records sent to the dead-letter topic, by reason")
              .tags(tags)
              .tag("reason", EnumNames.lower(reason))
              .register(registry));
    }
  }

  /** Counts a dead letter. */
  public void count(Reason reason) {
    counters.get(reason).increment();
  }
}
