package io.dimee.deploy.cli;

import io.dimee.deploy.ConfigurationException;
import io.dimee.topology.Policy;
import picocli.CommandLine.Option;

/** How the router chooses. */
final class PolicyOption {
  @Option(
      names = "--policy",
      paramLabel = "NAME",
      defaultValue = "cascade",
      description =
          "dimee: by the nearest pool, as in the paper. cascade: everything starts on the mobile tier."
              + " mobile-only, edge-only, cloud-only: one tier answers everything. Default: ${DEFAULT-VALUE}")
  private String policy;

  Policy policy() {
    return ConfigurationException.check(() -> Policy.of(policy));
  }
}
