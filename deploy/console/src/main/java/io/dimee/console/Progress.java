package io.dimee.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress bars on standard error: a live line on a terminal, a line now and then in a log. */
public final class Progress {
  private static final int LIVE_MILLIS = 200;
  private static final int LOG_MILLIS = 30_000;

  private Progress() {}

  /**
   * Starts a bar.
   *
   * @param max steps, or -1 when that is not known yet
   */
  public static ProgressBar bar(String task, String unit, long max, PrintWriter log) {
    return bar(task, unit, max, 0, log);
  }

  /**
   * Starts a bar of work that is partly done.
   *
   * @param max steps, or -1 when that is not known yet
   * @param done steps of an earlier run, which tell nothing about this run's speed
   */
  public static ProgressBar bar(String task, String unit, long max, long done, PrintWriter log) {
    boolean live = Terminal.isError();
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setUnit(" " + unit, 1)
        .setInitialMax(max)
        .startsFrom(done, Duration.ZERO)
        .showSpeed()
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(live ? LIVE_MILLIS : LOG_MILLIS)
        .setConsumer(
            live
                ? new ConsoleProgressBarConsumer(standardError())
                : new DelegatingProgressBarConsumer(log::println))
        .build();
  }

  /** As it is, for a bar moves the cursor. */
  private static PrintStream standardError() {
    return new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
  }
}
