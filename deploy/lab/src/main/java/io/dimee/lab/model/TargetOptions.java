package io.dimee.lab.model;

import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.Metric;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import java.util.List;
import picocli.CommandLine.Option;

/** What early answers may cost. */
@OptionGroup(Heading.CALIBRATION)
final class TargetOptions {
  @Option(
      names = "--max-drop",
      paramLabel = "POINTS",
      defaultValue = "0.8",
      description =
          "Accuracy, or what --metric says, that early exits may lose against the last exit, in percentage points. Default:"
              + " ${DEFAULT-VALUE}")
  private double maxDrop;

  @Option(
      names = "--confidence",
      paramLabel = "PROBABILITY",
      defaultValue = "0.9",
      description =
          "Probability with which new rows lose no more than --max-drop. Default: ${DEFAULT-VALUE}")
  private double confidence;

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      defaultValue = "accuracy",
      description =
          "Metric that --max-drop is about, and by which seeds are compared: accuracy, macro-f1, f1:LABEL or matthews."
              + " Default: ${DEFAULT-VALUE}")
  private String metric;

  @Option(
      names = "--max-class-drop",
      paramLabel = "POINTS",
      description =
          "Recall that early exits may cost a class on the held-out rows, in percentage points. Default: 5; 100 for"
              + " GLUE")
  private Double maxClassDrop;

  /** Says what is wrong before anything is read. */
  void requireValid() {
    if (!metric.startsWith("f1:")) {
      Metric.parse(metric, List.of());
    }
    target(Metric.ACCURACY, false);
  }

  /**
   * All together.
   *
   * @param labels class names
   */
  Calibration.Target target(List<String> labels, boolean isGlue) {
    return target(Metric.parse(metric, labels), isGlue);
  }

  private Calibration.Target target(Metric parsed, boolean isGlue) {
    double ofClass = maxClassDrop == null ? isGlue ? 100 : 5 : maxClassDrop;
    return new Calibration.Target(parsed, maxDrop, confidence, ofClass);
  }
}
