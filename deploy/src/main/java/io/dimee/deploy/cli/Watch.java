package io.dimee.deploy.cli;

import io.dimee.deploy.console.Interrupt;
import io.dimee.deploy.console.Outage;
import java.util.Optional;
import java.util.function.Supplier;

/** What a service's main thread does while its parts run: it ends with them, and tells outages. */
final class Watch {
  private static final long ROUND_MILLIS = 200;
  private static final int ROUNDS_PER_SECOND = 5;

  private final Runnable throwIfFailed;
  private final Supplier<Optional<String>> failure;
  private final Outage outage;

  /**
   * Creates a watch.
   *
   * @param throwIfFailed throws what stopped a part
   * @param failure why no broker answers, or nothing; asked once a second
   */
  Watch(Runnable throwIfFailed, Supplier<Optional<String>> failure, Outage outage) {
    this.throwIfFailed = throwIfFailed;
    this.failure = failure;
    this.outage = outage;
  }

  /** Returns when the command is to end. */
  void untilInterrupted(Interrupt interrupt) throws InterruptedException {
    for (int round = 1; !interrupt.await(ROUND_MILLIS); round++) {
      throwIfFailed.run();
      if (round % ROUNDS_PER_SECOND == 0) {
        outage.update(failure.get());
      }
    }
  }
}
