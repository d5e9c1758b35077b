package io.dimee.console;

import io.dimee.console.OptionGroup.Heading;
import io.dimee.topology.cluster.ConfigurationException;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** How many events are sent, and how fast. */
@OptionGroup(Heading.INPUT)
public final class PaceOptions {
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "9223372036854775807",
      showDefaultValue = Visibility.NEVER,
      description = "Stop after N events. Default: all")
  private long limit;

  @Option(
      names = "--rate",
      paramLabel = "PER_SECOND",
      defaultValue = "0",
      description =
          "Events to send per second; 0 for as fast as possible. Default: ${DEFAULT-VALUE}")
  private double rate;

  /** Most events that are sent, 1 or more. */
  public long limit() {
    ConfigurationException.requirePositive("limit", limit);
    return limit;
  }

  /** Events per second; 0 for as fast as possible. */
  public double rate() {
    if (!(rate >= 0)) {
      throw new ConfigurationException("rate=%s must be 0 or more".formatted(rate));
    }
    return rate;
  }
}
