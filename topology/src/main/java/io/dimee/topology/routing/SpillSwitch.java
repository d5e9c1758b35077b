package io.dimee.topology.routing;

import io.dimee.inference.bundle.Tier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends work for the edge tier to the cloud while the edge is behind. It turns on when the edge's
 * lag reaches a limit, and off when the lag has been half of that or less for a while: between the
 * two it stays as it is, so that a lag which wavers does not make the flow go to and fro. What
 * spills is answered alike, since the cloud has the edge's exits too; it costs more. Safe for
 * several threads.
 */
public final class SpillSwitch {
  /** How long the edge must have kept up before it is trusted again. */
  public static final Duration CALM = Duration.ofSeconds(10);

  private final long spillAfter;
  private final Clock clock;
  private final LongAdder spilled = new LongAdder();
  private volatile boolean on;
  private Instant calmSince;

  /**
   * Creates a switch that is off.
   *
   * @param spillAfter lag at which it turns on, in records; 1 or more
   */
  public SpillSwitch(long spillAfter, Clock clock) {
    if (spillAfter < 1) {
      throw new IllegalArgumentException("spill-after=%d must be 1 or more".formatted(spillAfter));
    }
    this.spillAfter = spillAfter;
    this.clock = clock;
  }

  /** A switch that stays off. */
  public static SpillSwitch never() {
    return new SpillSwitch(Long.MAX_VALUE, Clock.systemUTC());
  }

  /**
   * Takes a reading.
   *
   * @param lag records that wait for the edge tier
   * @return whether the switch has turned
   */
  public synchronized boolean observe(long lag) {
    boolean before = on;
    if (lag >= spillAfter) {
      on = true;
    }
    if (lag > spillAfter / 2) {
      calmSince = null;
    } else if (calmSince == null) {
      calmSince = clock.instant();
    }
    if (on && calmSince != null && !clock.instant().isBefore(calmSince.plus(CALM))) {
      on = false;
    }
    return on != before;
  }

  /** Whether the edge is behind. */
  public boolean isOn() {
    return on;
  }

  /** Steps that it has sent to the cloud. */
  public long spilled() {
    return spilled.sum();
  }

  /** The tier to which a step goes that was planned for another. */
  public Tier divert(Tier planned) {
    if (planned != Tier.EDGE || !on) {
      return planned;
    }
    spilled.increment();
    return Tier.CLOUD;
  }
}
