package io.dimee.topology.worker;

import io.dimee.topology.lifecycle.Timing;
import java.time.Duration;

/** How often a batch is tried, and the pauses between, each twice as long as the one before. */
final class Attempts {
  private static final int MOST = 10;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  private final Timing timing;
  private int failures;

  Attempts(Timing timing) {
    this.timing = timing;
  }

  /** Counts one that has failed; returns whether there may be another. */
  boolean failed() {
    failures++;
    return failures < MOST;
  }

  /** How many have failed. */
  int failures() {
    return failures;
  }

  /** Waits before the next. */
  void pause() throws InterruptedException {
    timing.sleep(FIRST_PAUSE.multipliedBy(1L << (failures - 1)));
  }
}
