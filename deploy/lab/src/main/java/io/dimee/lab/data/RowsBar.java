package io.dimee.lab.data;

import io.dimee.console.Interrupt;
import io.dimee.console.Progress;
import java.io.PrintWriter;
import java.util.concurrent.CancellationException;
import me.tongfei.progressbar.ProgressBar;

/** Shows how many rows were read; nothing while none were, so that a refusal is one line. */
public final class RowsBar implements AutoCloseable {
  private final String task;
  private final PrintWriter log;
  private final Interrupt interrupt;
  private ProgressBar bar;

  /** Prepares a bar. */
  public RowsBar(String task, PrintWriter log, Interrupt interrupt) {
    this.task = task;
    this.log = log;
    this.interrupt = interrupt;
  }

  /**
   * Shows that so many rows were read.
   *
   * @throws CancellationException when a signal asks to end
   */
  public void row(long number) {
    if (bar == null) {
      bar = Progress.bar(task, "rows", -1, log);
    }
    bar.stepTo(number);
    if (interrupt.isRequested()) {
      throw new CancellationException("interrupted in: " + task);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
