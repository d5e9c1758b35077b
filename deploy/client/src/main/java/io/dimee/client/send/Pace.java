package io.dimee.client.send;

import java.util.concurrent.locks.LockSupport;

/** Waits for moments of a steady rate. */
public final class Pace {
  private Pace() {}

  /** Returns when {@link System#nanoTime} has reached a moment. */
  public static void awaitNanoTime(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
