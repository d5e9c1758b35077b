package io.dimee.lab.model;

import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.topology.cluster.ConfigurationException;
import picocli.CommandLine.Option;

/** Whether a bundle may have an exit at depth 0, which reads words alone. */
@OptionGroup(Heading.MODEL)
final class WordsOption {
  private static final String AUTO = "auto";
  private static final String OFF = "off";

  @Option(
      names = "--exit-zero",
      paramLabel = "auto|off",
      description =
          "Exit at depth 0: a linear classifier of n-grams, which answers at the router before any layer runs. auto"
              + " has one where it lowers the cost within --max-drop. Default: auto, and off for GLUE")
  private String exitZero;

  /** Whether there may be one. */
  boolean isOn(boolean isGlue) {
    if (exitZero == null) {
      return !isGlue;
    }
    if (!exitZero.equals(AUTO) && !exitZero.equals(OFF)) {
      throw new ConfigurationException(
          "exit-zero=%s is not known; valid: %s, %s".formatted(exitZero, AUTO, OFF));
    }
    return exitZero.equals(AUTO);
  }
}
