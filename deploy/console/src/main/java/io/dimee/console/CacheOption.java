package io.dimee.console;

import io.dimee.console.OptionGroup.Heading;
import io.dimee.inference.files.CacheFolder;
import io.dimee.inference.files.FileCache;
import io.dimee.topology.cluster.ConfigurationException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where this machine keeps what is costly to make. */
@OptionGroup(Heading.GENERAL)
public final class CacheOption {
  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description =
          "Cache of assembled models, exit outputs and the records of queries. Default: ~/.cache/dimee")
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
    return CacheFolder.standard()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "cache-dir is missing, and this user has no home directory for it; valid: a writable directory"));
  }
}
