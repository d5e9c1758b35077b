package io.dimee.console;

import io.dimee.node.operations.BrokerSilence;
import io.dimee.node.stages.Stages;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Supplier;

/** What a service's main thread does while its parts run: it ends with them, and tells outages. */
public final class Watch {
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
   * @param err where outages are told
   */
  public Watch(Runnable throwIfFailed, Supplier<Optional<String>> failure, PrintWriter err) {
    this.throwIfFailed = throwIfFailed;
    this.failure = failure;
    this.outage = new Outage(err, System::nanoTime);
  }

  /**
   * Creates a watch over the stages of a process.
   *
   * @param meters has the metrics of the stages' consumers
   * @param servers addresses of the cluster, for the message
   */
  public static Watch over(Stages stages, MeterRegistry meters, String servers, PrintWriter err) {
    return new Watch(
        stages::throwIfFailed, new BrokerSilence(meters, servers, System::nanoTime)::failure, err);
  }

  /** Returns when the command is to end. */
  public void untilInterrupted(Interrupt interrupt) throws InterruptedException {
    for (int round = 1; !interrupt.await(ROUND_MILLIS); round++) {
      throwIfFailed.run();
      if (round % ROUNDS_PER_SECOND == 0) {
        outage.update(failure.get());
      }
    }
  }
}
