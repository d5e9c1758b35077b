package io.dimee.lab.model;

import io.dimee.calibration.fit.AbstainRule;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.topology.cluster.ConfigurationException;
import picocli.CommandLine.Option;

/** When an answer is withheld. */
@OptionGroup(Heading.CALIBRATION)
final class AbstainOptions {
  private static final String AUTO = "auto";
  private static final double PERCENT = 100;

  @Option(
      names = "--abstain-below",
      paramLabel = "P|auto",
      description =
          "Confidence of the last exit below which the answer is withheld: label null, label_name unknown. auto fits it"
              + " for --max-error. Default: every event gets a label")
  private String below;

  @Option(
      names = "--max-error",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description =
          "With --abstain-below auto, wrong answers among those that are not withheld, out-of-scope rows included."
              + " Default: ${DEFAULT-VALUE}")
  private double maxError;

  /** What is asked for. */
  AbstainRule rule() {
    if (below == null) {
      return AbstainRule.NEVER;
    }
    if (below.equals(AUTO)) {
      return AbstainRule.within(maxError / PERCENT);
    }
    try {
      return AbstainRule.below(Double.parseDouble(below));
    } catch (NumberFormatException e) {
      throw new ConfigurationException(
          "abstain-below=%s is not known; valid: a confidence between 0 and 1, or auto"
              .formatted(below),
          e);
    }
  }
}
