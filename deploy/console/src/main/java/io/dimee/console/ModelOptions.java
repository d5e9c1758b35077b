package io.dimee.console;

import io.dimee.console.OptionGroup.Heading;
import io.dimee.inference.bundle.Bundle;
import io.dimee.node.stages.ModelSource;
import io.dimee.serdes.HiddenCodec;
import io.dimee.topology.cluster.ConfigurationException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model answers, and how tasks travel. */
@OptionGroup(Heading.MODEL)
public final class ModelOptions {
  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--bundle",
      paramLabel = "NAME|DIR",
      split = ",",
      hideParamSyntax = true,
      defaultValue = "sst2",
      description =
          "Name of a bundle of this project, or a bundle's directory. A tier takes several, separated by commas,"
              + " as during a rollout: each task is answered by the model that created it, and new tasks are created by"
              + " the first. Default: ${DEFAULT-VALUE}")
  private List<String> bundles;

  @Option(
      names = "--hidden-codec",
      paramLabel = "fp32|fp16|int8",
      defaultValue = "fp16",
      description =
          "Encoding of the hidden states that travel between tiers. Default: ${DEFAULT-VALUE}")
  private String codec;

  @Mixin private MachineOptions machine;
  @Mixin private PricesOption prices;

  /** The only model. */
  public ModelSource source() {
    if (bundles.size() > 1) {
      throw new ConfigurationException(
          "bundle=%s: this command takes one bundle".formatted(String.join(",", bundles)));
    }
    return source(bundles.get(0));
  }

  /** All models, the first that routes before the others. */
  public List<ModelSource> sources() {
    List<ModelSource> sources = bundles.stream().map(this::source).toList();
    Set<String> ids = new HashSet<>();
    for (ModelSource source : sources) {
      if (!ids.add(source.bundle().modelId())) {
        throw new ConfigurationException(
            "bundle=%s: two of them are the model %s"
                .formatted(String.join(",", bundles), source.bundle().modelId()));
      }
    }
    return sources;
  }

  private ModelSource source(String bundle) {
    Bundle opened = Bundle.open(Bundles.find(bundle));
    return new ModelSource(
        opened, machine.cache(), prices.or(opened.manifest().prices()), machine.threads(), codec());
  }

  private HiddenCodec codec() {
    return ConfigurationException.check(() -> HiddenCodec.of(codec));
  }
}
