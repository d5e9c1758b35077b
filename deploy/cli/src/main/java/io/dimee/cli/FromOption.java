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
          "Where to start if the group has no committed offsets. committed: at the earliest record, but refuse to"
              + " start if the group has already answered some, whose offsets have expired as after a long stop."
              + " earliest: at the earliest record, so that some may be answered twice. latest: with new records only."
              + " Default: ${DEFAULT-VALUE}")
  private String from;

  From from() {
    return ConfigurationException.check(() -> From.of(from));
  }
}
