package io.dimee.deploy.faults;

import io.dimee.deploy.JavaProcess;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Makes a process slow: it gets a third of the time. */
final class Stutter {
  private static final long RUN_MS = 100;
  private static final long STOP_MS = 200;

  private final JavaProcess process;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

  @SuppressWarnings("FutureReturnValueIgnored") // end waits for the thread
  Stutter(JavaProcess process) {
    this.process = process;
    thread.scheduleWithFixedDelay(this::pause, 0, RUN_MS, TimeUnit.MILLISECONDS);
  }

  private void pause() {
    try {
      process.freeze();
      Thread.sleep(STOP_MS);
      process.thaw();
    } catch (IOException e) {
      throw new IllegalStateException("a process could not be signalled", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets it run again. */
  void end() throws IOException, InterruptedException {
    thread.shutdown();
    thread.awaitTermination(1, TimeUnit.MINUTES);
    process.thaw();
  }

  /** Leaves it as it is. */
  void abandon() {
    thread.shutdownNow();
  }
}
