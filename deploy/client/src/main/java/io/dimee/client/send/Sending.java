package io.dimee.client.send;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Sends events in a thread of its own, so that what becomes of them can be read meanwhile. Closed,
 * it sends no further one; it does not wait, since the input may have none for long.
 */
public final class Sending implements AutoCloseable {
  private final CompletableFuture<Long> sent;
  private final AtomicBoolean closed;

  private Sending(CompletableFuture<Long> sent, AtomicBoolean closed) {
    this.sent = sent;
    this.closed = closed;
  }

  /** What sends, and returns the number of events and bad lines. */
  @FunctionalInterface
  public interface Task {
    /**
     * Sends all.
     *
     * @param closed whether to end before that
     */
    long send(BooleanSupplier closed) throws IOException;
  }

  /** Begins. */
  public static Sending start(Task task) {
    AtomicBoolean closed = new AtomicBoolean();
    return new Sending(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return task.send(closed::get);
              } catch (IOException e) {
                throw new UncheckedIOException("cannot read the input: " + e.getMessage(), e);
              }
            }),
        closed);
  }

  /** Whether all is written; throws what stopped it, if anything did. */
  public boolean isDone() {
    if (sent.isCompletedExceptionally()) {
      count();
    }
    return sent.isDone();
  }

  /** Waits until all is written, and returns how many events and bad lines that were. */
  public long count() {
    try {
      return sent.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  @Override
  public void close() {
    closed.set(true);
  }
}
