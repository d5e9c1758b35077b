package io.dimee.console;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.BundleManifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Whose answers a command understands: models are told apart by their id. */
public final class KnownModels {
  @Option(
      names = "--bundle",
      paramLabel = "NAME|DIR",
      split = ",",
      hideParamSyntax = true,
      description =
          "Bundles whose predictions are compared with their calibration, by name or directory, separated by"
              + " commas. Default: all that come with the project")
  private List<String> bundles;

  /** Manifests by model id. */
  public Map<String, BundleManifest> manifests() {
    Map<String, BundleManifest> manifests = new LinkedHashMap<>();
    for (String name : bundles == null ? Bundles.names() : bundles) {
      Bundle bundle = Bundle.open(Bundles.find(name));
      manifests.put(bundle.modelId(), bundle.manifest());
    }
    return manifests;
  }
}
