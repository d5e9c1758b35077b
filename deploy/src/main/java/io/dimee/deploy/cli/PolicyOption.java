package io.dimee.deploy.cli;

import io.dimee.deploy.ConfigurationException;
import io.dimee.topology.routing.Policy;
import picocli.CommandLine.Option;

/** How the router chooses. */
final class PolicyOption {
  @Option(
      names = "--policy",
      paramLabel = "NAME",
      defaultValue = "cascade",
      description =
          "cascade: everything starts on the mobile tier. adaptive: where the expected cost is least at the prices in"
              + " force. dimee: by the nearest pool, as in the paper. mobile-only, edge-only, cloud-only: one tier answers everything. Default: ${DEFAULT-VALUE}")
  private String policy;

  Policy policy() {
    return ConfigurationException.check(() -> Policy.of(policy));
  }
}
