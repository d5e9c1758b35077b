package io.dimee.cli;

import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.node.beginning.From;
import io.dimee.topology.cluster.ConfigurationException;
import picocli.CommandLine.Option;

/** Where to begin without offsets. */
@OptionGroup(Heading.PIPELINE)
final class FromOption {
  @Option(
      names = "--from",
      paramLabel = "committed|earliest|latest",
      defaultValue = "committed",
      description =
          "Where to begin when the group has committed no offsets. committed: at the earliest record, but not where the"
              + " group has answered some already and its offsets are gone, as after a long stop; earliest: with all"
              + " that is there, be it for the second time; latest: with what comes from now on. Default:"
              + " ${DEFAULT-VALUE}")
  private String from;

  From from() {
    return ConfigurationException.check(() -> From.of(from));
  }
}
