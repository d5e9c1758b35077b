package io.dimee.lab.model;

import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.CascadeOutcome;
import io.dimee.training.TrainingRun;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Shows what a training run made. */
final class TrainingReport {
  private TrainingReport() {}

  static void print(TrainingRun.Report report, Calibration.Target target, PrintWriter out) {
    out.printf("bundle %s in %s%n", report.bundle().modelId(), report.bundle().directory());
    List<Double> accuracies = report.accuracies();
    for (int depth = 1; depth <= accuracies.size(); depth++) {
      out.printf(
          Locale.ROOT, "dev accuracy, exit %2d: %.2f %%%n", depth, 100 * accuracies.get(depth - 1));
    }
    print(out, "predicted", report.calibration().predicted());
    out.printf(
        Locale.ROOT,
        "with confidence %s, the drop on new rows is at most %.2f points%n",
        target.confidence(),
        report.calibration().dropBound());
    print(out, "dev", report.dev());
  }

  private static void print(PrintWriter out, String rows, CascadeOutcome outcome) {
    out.printf(
        Locale.ROOT,
        "%s, policy cascade: accuracy %.2f %%, %.2f points below the last exit, cost %.2f against %.2f in the cloud"
            + " alone (%.1f %% lower), answered by mobile %.0f %%, edge %.0f %%, cloud %.0f %%%n",
        rows,
        100 * outcome.accuracy(),
        outcome.dropPoints(),
        outcome.cost(),
        outcome.cloudOnlyCost(),
        100 * outcome.costReduction(),
        100 * outcome.shares().get(0),
        100 * outcome.shares().get(1),
        100 * outcome.shares().get(2));
  }
}
