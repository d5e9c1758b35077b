package io.dimee.analytics.command;

import io.dimee.analytics.QuerySession;
import io.dimee.console.ExitCode;
import io.dimee.console.Interrupt;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;

/** Ctrl-C that ends at once what this thread waits for, and the query that it runs. */
final class Cancellation implements AutoCloseable {
  private final Interrupt interrupt = Interrupt.install();
  private final AtomicReference<QuerySession> session = new AtomicReference<>();
  private final Thread waiter;

  private Cancellation(Thread worker) {
    waiter = new Thread(() -> await(worker), "cancellation");
    waiter.setDaemon(true);
  }

  /** Begins to listen on behalf of the thread that calls it. */
  static Cancellation install() {
    Cancellation cancellation = new Cancellation(Thread.currentThread());
    cancellation.waiter.start();
    return cancellation;
  }

  /**
   * From now on that session's query ends too.
   *
   * @throws InterruptedException when Ctrl-C has come already
   */
  void cancels(QuerySession running) throws InterruptedException {
    session.set(running);
    if (interrupt.isRequested()) {
      throw new InterruptedException();
    }
  }

  private void await(Thread worker) {
    try {
      interrupt.await();
      worker.interrupt();
      QuerySession running = session.get();
      if (running != null) {
        running.cancel();
      }
    } catch (InterruptedException e) {
      // the command has ended
    } catch (SQLException e) {
      throw new IllegalStateException("the query cannot be cancelled", e);
    }
  }

  /**
   * What to do about a failure.
   *
   * @return the exit code when it is because of Ctrl-C
   * @throws Exception the failure, when it is not
   */
  int codeOr(Exception failure, PrintWriter err) throws Exception {
    if (!interrupt.isRequested()) {
      throw failure;
    }
    err.println("dimee: interrupted");
    return ExitCode.FAILED;
  }

  @Override
  public void close() {
    waiter.interrupt();
    interrupt.close();
  }
}
