package io.dimee.console;

import io.dimee.console.OptionGroup.Heading;
import io.dimee.inference.files.FileCache;
import io.dimee.topology.cluster.ConfigurationException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a command may use of this machine. */
@OptionGroup(Heading.MODEL)
public final class MachineOptions {
  @Mixin private CacheOption cache;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Number of CPU cores for the inference of one tier, at most one for each partition of its topic."
              + " Default: all")
  private Integer threads;

  /** Cores. */
  public int threads() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    ConfigurationException.requirePositive("threads", threads);
    return threads;
  }

  /** The cache. */
  public FileCache cache() {
    return cache.cache();
  }
}
