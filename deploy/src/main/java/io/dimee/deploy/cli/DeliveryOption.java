package io.dimee.deploy.cli;

import io.dimee.deploy.ConfigurationException;
import io.dimee.topology.cluster.Delivery;
import picocli.CommandLine.Option;

/** What a crash may do. */
final class DeliveryOption {
  @Option(
      names = "--delivery",
      paramLabel = "exactly-once|at-least-once",
      defaultValue = "exactly-once",
      description = "What a crash may do to outcomes. Default: ${DEFAULT-VALUE}")
  private String delivery;

  Delivery delivery() {
    return ConfigurationException.check(() -> Delivery.of(delivery));
  }
}
