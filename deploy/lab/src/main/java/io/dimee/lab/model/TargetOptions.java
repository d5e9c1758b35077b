package io.dimee.lab.model;

import io.dimee.calibration.fit.Calibration;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import picocli.CommandLine.Option;

/** What early answers may cost. */
@OptionGroup(Heading.CALIBRATION)
final class TargetOptions {
  @Option(
      names = "--max-drop",
      paramLabel = "POINTS",
      defaultValue = "0.8",
      description =
          "Accuracy that early exits may lose against the last exit, in percentage points. Default:"
              + " ${DEFAULT-VALUE}")
  private double maxDrop;

  @Option(
      names = "--confidence",
      paramLabel = "PROBABILITY",
      defaultValue = "0.9",
      description =
          "Probability with which new rows lose no more than --max-drop. Default: ${DEFAULT-VALUE}")
  private double confidence;

  /** Both. */
  Calibration.Target target() {
    return new Calibration.Target(maxDrop, confidence);
  }
}
