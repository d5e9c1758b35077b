package io.dimee.console;

import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.routing.Policy;
import picocli.CommandLine.Option;

/** How the router chooses. */
public final class PolicyOption {
  @Option(
      names = "--policy",
      paramLabel = "NAME",
      defaultValue = "cascade",
      description =
          "How the tier at which an event starts is chosen. cascade: always mobile. adaptive: the tier with the"
              + " lowest expected cost at the current prices. dimee: by the nearest pool, as in the paper. mobile-only,"
              + " edge-only, cloud-only: one tier answers everything. Default: ${DEFAULT-VALUE}")
  private String policy;

  public Policy policy() {
    return ConfigurationException.check(() -> Policy.of(policy));
  }
}
