package io.dimee.lab.model;

import io.dimee.calibration.fit.WordsUse;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.topology.cluster.ConfigurationException;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Whether a bundle may have an exit at depth 0, which reads words alone. */
@OptionGroup(Heading.MODEL)
final class WordsOption {
  @Option(
      names = "--exit-zero",
      paramLabel = "auto|off|only",
      description =
          "Exit at depth 0: a linear classifier of n-grams, which answers at the router before any layer runs. auto"
              + " has one where it lowers the cost within --max-drop; only lets it answer everything. Default: auto,"
              + " and off for GLUE")
  private String exitZero;

  /** What may be done with it. */
  WordsUse use(boolean isGlue) {
    if (exitZero == null) {
      return isGlue ? WordsUse.OFF : WordsUse.AUTO;
    }
    return Arrays.stream(WordsUse.values())
        .filter(use -> use.name().toLowerCase(Locale.ROOT).equals(exitZero))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "exit-zero=%s is not known; valid: auto, off, only".formatted(exitZero)));
  }
}
