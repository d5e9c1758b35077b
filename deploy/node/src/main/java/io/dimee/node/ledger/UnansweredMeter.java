package io.dimee.node.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of overdue events as a metric, {@code dimee.ledger.unanswered}. To count a million
 * takes seconds, and whoever asks for metrics must not go without the others then: the number comes
 * with a later answer.
 */
final class UnansweredMeter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UnansweredMeter.class);
  private static final long PATIENCE_MILLIS = 2_000;

  private final WholeUnanswered unanswered;
  private final MultiGauge overdue;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread counting = new Thread(work, "unanswered-meter");
            counting.setDaemon(true);
            return counting;
          });
  private Future<?> count = CompletableFuture.completedFuture(null);

  /** Creates the metric; it has no value before {@link #update}. */
  UnansweredMeter(WholeUnanswered unanswered, MeterRegistry registry) {
    this.unanswered = unanswered;
    this.overdue =
        MultiGauge.builder("dimee.ledger.unanswered")
            .description("Events that have had no outcome for as long as --overdue says")
            .register(registry);
  }

  /** Counts, unless that is under way, and waits a little for the number. */
  void update() throws InterruptedException {
    try {
      count().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("ledger: the events without an outcome are still being counted");
    } catch (ExecutionException e) {
      LOG.info(
          "ledger: the events without an outcome are not known: {}", e.getCause().getMessage());
    }
  }

  private synchronized Future<?> count() {
    if (count.isDone()) {
      count =
          thread.submit(
              () -> {
                long events = unanswered.read().overdue();
                overdue.register(List.of(MultiGauge.Row.of(Tags.empty(), events)), true);
                return null;
              });
    }
    return count;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
