package io.dimee.console;

import io.dimee.console.OptionGroup.Heading;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.Delivery;
import picocli.CommandLine.Option;

/** What a crash may do. */
@OptionGroup(Heading.PIPELINE)
public final class DeliveryOption {
  @Option(
      names = "--delivery",
      paramLabel = "exactly-once|at-least-once",
      defaultValue = "exactly-once",
      description =
          "Delivery guarantee; at-least-once is faster, but a crash may repeat outcomes. Default:"
              + " ${DEFAULT-VALUE}")
  private String delivery;

  /** The guarantee that the user chose. */
  public Delivery delivery() {
    return ConfigurationException.check(() -> Delivery.of(delivery));
  }
}
