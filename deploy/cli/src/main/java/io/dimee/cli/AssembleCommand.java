package io.dimee.cli;

import io.dimee.console.Bundles;
import io.dimee.console.CacheOption;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.ModelFiles;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The files that tiers load, made before any tier runs. */
@Command(
    name = "assemble",
    description = {
      "Prepares the files that tiers load from a bundle, and stores them in the cache.",
      "Tiers do this themselves if the cache lacks the files. A container image does it when it is built, so"
          + " that its tiers need no writable directory."
    },
    footer = {"", "Example:", "  dimee assemble --bundle sst2 --cache-dir /opt/dimee/cache"})
@CommandGroup(CommandGroup.Heading.MODELS)
final class AssembleCommand implements Callable<Integer> {
  @Option(
      names = "--bundle",
      paramLabel = "NAME|DIR",
      split = ",",
      hideParamSyntax = true,
      defaultValue = "sst2",
      description =
          "Name of a bundle of this project, or a bundle's directory; several separated by commas. Default:"
              + " ${DEFAULT-VALUE}")
  private List<String> bundles;

  @Mixin private CacheOption cache;
  @Mixin CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    FileCache kept = cache.cache();
    for (String name : bundles) {
      Bundle bundle = Bundle.open(Bundles.find(name));
      ModelFiles files = new ModelFiles(bundle, kept);
      int segments = files.segments(bundle.manifest().tiers().cloud()).size();
      files.meanEmbedding();
      spec.commandLine().getOut().printf("%s: %d segments%n", bundle.modelId(), segments);
    }
    return ExitCode.DONE;
  }
}
