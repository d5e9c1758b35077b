package io.dimee.inference.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Files that are costly to make, in a directory that several processes share. A file appears under
 * its name only when it is whole: it is written beside it and moved in one step, so processes that
 * start at once may both do the work but never read half a file.
 */
public final class FileCache {
  private static final String TEMPORARY = ".tmp-";
  private static final Duration ABANDONED = Duration.ofHours(6);

  private final Path directory;

  /** Creates a cache in a directory; the directory is made when it is needed. */
  public FileCache(Path directory) {
    this.directory = directory;
  }

  /** Writes the content of a file that the cache lacks. */
  @FunctionalInterface
  public interface Content {
    /** Writes to a new file at this path. */
    void writeTo(Path file) throws IOException;
  }

  /** Where a file of this name is or will be. */
  public Path path(String name) {
    return directory.resolve(name);
  }

  /**
   * Returns the file, making it first when it is missing.
   *
   * @param name must identify the content, for instance by a hash of what it is made from
   * @throws CacheException when the directory cannot be written
   */
  public Path get(String name, Content content) {
    Path file = path(name);
    if (Files.isRegularFile(file)) {
      return file;
    }
    Path temporary = directory.resolve(TEMPORARY + UUID.randomUUID());
    try {
      Files.createDirectories(directory);
      removeAbandoned();
      try {
        content.writeTo(temporary);
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new CacheException(
          "cannot write %s: %s; free some space or choose another directory with --cache-dir"
              .formatted(file, e),
          e);
    }
    return file;
  }

  /** What a process that was killed left behind; a live one finishes within minutes. */
  private void removeAbandoned() throws IOException {
    FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith(TEMPORARY)).toList()) {
        removeIfOlder(file, limit);
      }
    }
  }

  private static void removeIfOlder(Path file, FileTime limit) throws IOException {
    try {
      if (Files.getLastModifiedTime(file).compareTo(limit) < 0) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // its writer has just moved it into place
    }
  }

  /** The cache cannot hold a file. */
  public static final class CacheException extends RuntimeException {
    /** Creates the exception. */
    public CacheException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
