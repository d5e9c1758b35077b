package io.dimee.deploy.console;

import io.dimee.inference.FileCache;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where this machine keeps what is costly to make. */
public final class CacheOption {
  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description =
          "Where assembled models, recorded exit outputs and what queries have read are kept. Default: ~/.cache/dimee")
  private Path cacheDirectory;

  /** The cache. */
  public FileCache cache() {
    return new FileCache(directory());
  }

  /** A folder of it; made by whoever needs it. */
  public Path folder(String name) {
    return directory().resolve(name);
  }

  private Path directory() {
    if (cacheDirectory != null) {
      return cacheDirectory;
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return base.resolve("dimee");
  }
}
