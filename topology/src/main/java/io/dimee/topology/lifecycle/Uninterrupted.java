package io.dimee.topology.lifecycle;

import java.util.function.Supplier;
import org.apache.kafka.common.errors.WakeupException;

/** Calls that must come to their end. */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** Something that is waited for. */
  @FunctionalInterface
  public interface Wait {
    void await() throws InterruptedException;
  }

  /**
   * Asks a consumer again when a stop has woken it up. The stop waits for the batch in hand, and
   * each wakes the consumer up but once.
   */
  public static <T> T byStop(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (WakeupException e) {
        // whoever stops has said so beside
      }
    }
  }

  /** Waits to the end; a thread that is interrupted meanwhile is interrupted afterwards. */
  public static void await(Wait wait) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          wait.await();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
