package io.dimee.deploy.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Sends events in a thread of its own, so that what becomes of them can be read meanwhile. */
public final class Sending {
  private final CompletableFuture<Long> sent;

  private Sending(CompletableFuture<Long> sent) {
    this.sent = sent;
  }

  /** What sends, and returns the number of events and bad lines. */
  @FunctionalInterface
  public interface Task {
    /** Sends all. */
    long send() throws IOException;
  }

  /** Begins. */
  public static Sending start(Task task) {
    return new Sending(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return task.send();
              } catch (IOException e) {
                throw new UncheckedIOException("cannot read the input: " + e.getMessage(), e);
              }
            }));
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
}
