package io.dimee.deploy.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C or SIGTERM as a request: the command sees it, closes what it owns and ends; the JVM waits
 * for that, for a bounded time.
 */
final class Interrupt implements AutoCloseable {
  private static final long CLOSE_SECONDS = 20;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::request, "dimee-shutdown");

  private Interrupt() {}

  /**
   * Begins to listen. Open it before all that must be closed when the signal comes: its close lets
   * the JVM go.
   */
  static Interrupt install() {
    Interrupt interrupt = new Interrupt();
    Runtime.getRuntime().addShutdownHook(interrupt.hook);
    return interrupt;
  }

  private void request() {
    requested.countDown();
    try {
      closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      // the JVM ends anyway
      Thread.currentThread().interrupt();
    }
  }

  boolean isRequested() {
    return requested.getCount() == 0;
  }

  void await() throws InterruptedException {
    requested.await();
  }

  /** Waits a while; returns whether the signal has come. */
  boolean await(long millis) throws InterruptedException {
    return requested.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed.countDown();
    if (!isRequested()) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
