package io.dimee.deploy.console;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Says on the terminal that no broker answers: at once, every minute, and when one does again. */
public final class Outage {
  private static final Duration REMINDER = Duration.ofMinutes(1);

  private final PrintWriter err;
  private final LongSupplier nanoTime;
  private long saidAt;
  private boolean isSaid;

  /**
   * Creates a notice of an outage that has not begun.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  public Outage(PrintWriter err, LongSupplier nanoTime) {
    this.err = err;
    this.nanoTime = nanoTime;
  }

  /**
   * Says what is new.
   *
   * @param failure why no broker answers, or nothing when one does
   */
  public void update(Optional<String> failure) {
    if (failure.isEmpty()) {
      if (isSaid) {
        isSaid = false;
        err.println("dimee: a broker answers");
      }
    } else if (!isSaid || nanoTime.getAsLong() - saidAt >= REMINDER.toNanos()) {
      isSaid = true;
      saidAt = nanoTime.getAsLong();
      err.printf("dimee: %s; retrying%n", failure.get());
    }
  }
}
