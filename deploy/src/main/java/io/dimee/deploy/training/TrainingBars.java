package io.dimee.deploy.training;

import io.dimee.deploy.console.Interrupt;
import io.dimee.deploy.console.Progress;
import io.dimee.calibration.fit.TrainingProgress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Shows the stages of a long computation as progress bars, and ends it between two steps when a
 * signal asks for that.
 */
final class TrainingBars implements Function<String, TrainingProgress> {
  private final CommandSpec spec;
  private final Interrupt interrupt;

  TrainingBars(CommandSpec spec, Interrupt interrupt) {
    this.spec = spec;
    this.interrupt = interrupt;
  }

  @Override
  public TrainingProgress apply(String stage) {
    PrintWriter log = spec.commandLine().getErr();
    return new TrainingProgress() {
      private ProgressBar bar;

      @Override
      public void start(long total, long done) {
        bar = Progress.bar(stage, "steps", total, done, log);
      }

      @Override
      public void step(long done, double loss) {
        bar.stepTo(done);
        if (!Double.isNaN(loss)) {
          bar.setExtraMessage(String.format(Locale.ROOT, " loss %.4f", loss));
        }
        if (interrupt.isRequested()) {
          bar.close();
          throw new CancellationException("interrupted in: " + stage);
        }
      }

      @Override
      public void end() {
        bar.close();
      }
    };
  }
}
