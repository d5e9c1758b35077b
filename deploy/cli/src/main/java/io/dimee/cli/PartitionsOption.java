package io.dimee.cli;

import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.topology.cluster.ConfigurationException;
import picocli.CommandLine.Option;

/** How the topics are made that a command misses. */
@OptionGroup(Heading.PIPELINE)
final class PartitionsOption {
  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Number of partitions of topics that do not exist yet. Default: ${DEFAULT-VALUE}")
  private int partitions;

  /** Partitions of a topic, 1 or more. */
  int partitions() {
    ConfigurationException.requirePositive("partitions", partitions);
    return partitions;
  }
}
