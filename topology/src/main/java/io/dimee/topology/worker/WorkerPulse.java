package io.dimee.topology.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Tells whether a worker is live: when it last took part in its group or began to commit, and for
 * how long it has had its batch in hand. Told by the worker's thread, asked by any.
 */
public final class WorkerPulse {
  /** More than a transaction may take to end when brokers are slow. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(3);

  /**
   * Some fifty times what the largest batch took on one core: a slow worker that is restarted would
   * begin its batch again, and never end it.
   */
  private static final Duration LONGEST_BATCH = Duration.ofMinutes(15);

  private static final long NONE = Long.MIN_VALUE;

  private final LongSupplier nanoTime;
  private final AtomicLong lastTurn;
  private final AtomicLong begun = new AtomicLong(NONE);

  /**
   * Creates the pulse of a worker that has just taken part.
   *
   * @param nanoTime a clock that never goes back, in nanoseconds
   */
  public WorkerPulse(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastTurn = new AtomicLong(nanoTime.getAsLong());
  }

  /** Tells that the worker is live. */
  public void turn() {
    lastTurn.set(nanoTime.getAsLong());
  }

  void beginBatch() {
    begun.set(nanoTime.getAsLong());
  }

  void endBatch() {
    begun.set(NONE);
  }

  /** How long ago the worker took part in its group, or began to commit. */
  public Duration sinceTurn() {
    return Duration.ofNanos(nanoTime.getAsLong() - lastTurn.get());
  }

  /** How long ago the batch in hand was polled; zero without one. */
  public Duration batchAge() {
    long begin = begun.get();
    return begin == NONE ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - begin);
  }

  /** Whether neither the loop nor the batch in hand is stuck. */
  public boolean isBeating() {
    return sinceTurn().compareTo(LONGEST_SILENCE) < 0 && batchAge().compareTo(LONGEST_BATCH) < 0;
  }
}
