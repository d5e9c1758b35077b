package io.dimee.analytics.command;

import io.dimee.analytics.Analytics;
import io.dimee.console.Progress;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;

/** A progress bar of what is read from topics; none when nothing is. */
final class ReadingBar implements Analytics.Watcher, AutoCloseable {
  private final PrintWriter log;
  private ProgressBar bar;

  ReadingBar(PrintWriter log) {
    this.log = log;
  }

  @Override
  public void read(long done, long most) {
    if (bar == null) {
      bar = Progress.bar("read", "records", most, log);
    }
    bar.stepTo(done);
  }

  @Override
  public void end(long records, long unreadable) {
    if (bar != null) {
      // marks of transactions are counted among what is to be read
      bar.stepTo(bar.getMax());
    }
    close();
    if (unreadable > 0) {
      log.printf(
          "dimee: skipped %d of %d new records, which cannot be read%n", unreadable, records);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
