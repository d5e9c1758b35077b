package io.dimee.lab.model;

import io.dimee.calibration.evaluation.ClassReport;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.CascadeOutcome;
import io.dimee.calibration.fit.Metric;
import io.dimee.console.Printable;
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
        "with confidence %s, the drop%s on new rows is at most %.2f points%n",
        target.confidence(),
        CalibrationReport.in(target, report.bundle().manifest().labels()),
        report.calibration().dropBound());
    CalibrationReport.printIfNothingIsEarly(report.calibration(), target, out);
    print(out, "dev", report.dev());
    if (target.metric().kind() != Metric.Kind.ACCURACY) {
      out.printf(
          Locale.ROOT,
          "dev, %s: %.2f points below the last exit%n",
          Printable.line(target.metric().id(report.bundle().manifest().labels())),
          report.dev().answers().points(target.metric()));
    }
    report.withoutWords().ifPresent(without -> print(out, "dev, without exit 0", without));
    ClassReport words = report.baseline();
    double ahead = 100 * (report.measured().last().accuracy() - words.accuracy());
    out.printf(
        Locale.ROOT,
        "words alone (n-grams, linear), answering all: accuracy %.2f %%, macro F1 %.2f %%; the last exit is %.2f points %s%n",
        100 * words.accuracy(),
        100 * words.macroF1(),
        Math.abs(ahead),
        ahead >= 0 ? "ahead" : "behind: words alone are the better choice, see --exit-zero only");
  }

  /** The same, class by class, and how to go on. */
  static void printByClass(TrainingRun.Report report, PrintWriter out) {
    new MeasurementReport(report.bundle().modelId(), report.measured()).print(out);
    out.printf(
        "try it: dimee run --bundle %s --input FILE%n",
        Printable.line(report.bundle().directory().toString()));
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
