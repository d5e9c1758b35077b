package io.dimee.deploy.cli;

import io.dimee.deploy.ConfigurationException;
import io.dimee.deploy.console.Bundles;
import io.dimee.deploy.console.MachineOptions;
import io.dimee.deploy.console.PricesOption;
import io.dimee.deploy.pipeline.ModelSource;
import io.dimee.inference.Bundle;
import io.dimee.serdes.HiddenCodec;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model answers, and how tasks travel. */
final class ModelOptions {
  @Option(
      names = "--bundle",
      paramLabel = "NAME|DIR",
      defaultValue = "sst2",
      description =
          "A bundle of this project by name, or a bundle's directory. Default: ${DEFAULT-VALUE}")
  private String bundle;

  @Option(
      names = "--hidden-codec",
      paramLabel = "fp32|fp16|int8",
      defaultValue = "fp16",
      description = "How hidden states are encoded between tiers. Default: ${DEFAULT-VALUE}")
  private String codec;

  @Mixin private MachineOptions machine;
  @Mixin private PricesOption prices;

  ModelSource source() {
    Bundle opened = Bundle.open(Bundles.find(bundle));
    return new ModelSource(
        opened, machine.cache(), prices.or(opened.manifest().prices()), machine.threads(), codec());
  }

  private HiddenCodec codec() {
    return ConfigurationException.check(() -> HiddenCodec.of(codec));
  }
}
