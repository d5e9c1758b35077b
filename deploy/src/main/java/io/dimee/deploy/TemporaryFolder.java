package io.dimee.deploy;

import io.dimee.inference.files.TemporaryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.file.PathUtils;

/** A new folder for a process's own files, which goes with all that is in it. */
public final class TemporaryFolder implements AutoCloseable {
  private final Path path;

  private TemporaryFolder(Path path) {
    this.path = path;
  }

  /** Makes a folder where the process keeps temporary files. */
  public static TemporaryFolder create(String prefix) {
    try {
      return new TemporaryFolder(Files.createTempDirectory(TemporaryFiles.folder(), prefix));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary folder: " + e.getMessage(), e);
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      if (Files.exists(path)) {
        PathUtils.deleteDirectory(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot delete the temporary folder %s: %s".formatted(path, e.getMessage()), e);
    }
  }
}
