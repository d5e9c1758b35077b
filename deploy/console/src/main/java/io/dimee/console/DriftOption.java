package io.dimee.console;

import io.dimee.console.OptionGroup.Heading;
import io.dimee.topology.cluster.ConfigurationException;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Which predictions drift is judged by. */
@OptionGroup(Heading.PIPELINE)
public final class DriftOption {
  @Option(
      names = "--drift-minutes",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "Minutes of predictions that are compared with calibration to detect drift. Default: ${DEFAULT-VALUE}")
  private int minutes;

  /** How far back they reach. */
  public Duration window() {
    ConfigurationException.requirePositive("drift-minutes", minutes);
    return Duration.ofMinutes(minutes);
  }
}
