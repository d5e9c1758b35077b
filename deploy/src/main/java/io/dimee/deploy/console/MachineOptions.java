package io.dimee.deploy.console;

import io.dimee.deploy.ConfigurationException;
import io.dimee.inference.FileCache;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What a command may use of this machine. */
public final class MachineOptions {
  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description =
          "Where assembled models and recorded exit outputs are kept. Default: ~/.cache/dimee")
  private Path cacheDirectory;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Cores that one tier's inference may use, at most one for each partition of its topic."
              + " Default: all")
  private Integer threads;

  /** Cores. */
  public int threads() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (threads < 1) {
      throw new ConfigurationException("threads=%d must be 1 or more".formatted(threads));
    }
    return threads;
  }

  /** The cache. */
  public FileCache cache() {
    if (cacheDirectory != null) {
      return new FileCache(cacheDirectory);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return new FileCache(base.resolve("dimee"));
  }
}
