package io.dimee.topology.worker;

import io.dimee.topology.lifecycle.Uninterrupted;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Computes batches in a thread of its own, so that the worker's thread can keep its consumer in the
 * group however long a batch takes (KIP-62: a consumer that does not poll within
 * max.poll.interval.ms is put out).
 */
final class BatchThread implements AutoCloseable {
  private final Duration interval;
  private final ExecutorService executor;

  /**
   * Starts the thread.
   *
   * @param interval after which the worker is called, again and again while a batch is computed
   */
  BatchThread(String name, Duration interval) {
    this.interval = interval;
    this.executor = Executors.newSingleThreadExecutor(task -> new Thread(task, name));
  }

  /**
   * Computes a batch.
   *
   * @param meanwhile called in the caller's thread
   */
  List<Output> compute(Supplier<List<Output>> batch, Runnable meanwhile)
      throws InterruptedException {
    Future<List<Output>> outputs = executor.submit(batch::get);
    while (true) {
      try {
        return outputs.get(interval.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException stillComputing) {
        meanwhile.run();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw new IllegalStateException("a batch could not be computed: " + e.getCause(), e);
      }
    }
  }

  /**
   * Waits for the batch in hand, also in a thread that is interrupted: a model must not be closed
   * while it runs.
   */
  @Override
  public void close() {
    executor.shutdown();
    Uninterrupted.await(() -> executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS));
  }
}
