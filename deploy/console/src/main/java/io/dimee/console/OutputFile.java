package io.dimee.console;

import io.dimee.topology.cluster.ConfigurationException;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A text file that a command writes results to. It is emptied when it is opened; every write that
 * the system refuses is an error, so that a file that was cut by a full disk never looks whole.
 */
public final class OutputFile implements Closeable {
  private final String key;
  private final Path file;
  private final BufferedWriter writer;

  private OutputFile(String key, Path file, BufferedWriter writer) {
    this.key = key;
    this.file = file;
    this.writer = writer;
  }

  /**
   * Opens a file for writing.
   *
   * @param key option that names it, without dashes
   * @param file null when the user wants none
   * @return null when the user wants none
   * @throws ConfigurationException when it cannot be written
   */
  public static OutputFile open(String key, Path file) {
    if (file == null) {
      return null;
    }
    if (Files.isDirectory(file)) {
      throw new ConfigurationException(
          "%s=%s is a directory; valid: a file that can be written".formatted(key, file));
    }
    try {
      return new OutputFile(key, file, Files.newBufferedWriter(file));
    } catch (IOException e) {
      throw new ConfigurationException(
          "%s=%s cannot be written: %s; valid: a file in an existing directory"
              .formatted(key, file, e),
          e);
    }
  }

  /**
   * Refuses two options that name one file: opening the second would empty the first. Call it
   * before anything is opened.
   *
   * @param files by option, without dashes; null for an option that is not given
   */
  public static void requireDistinct(Map<String, Path> files) {
    files.forEach(
        (key, file) ->
            files.forEach(
                (other, otherFile) -> {
                  if (key.compareTo(other) < 0 && isSame(file, otherFile)) {
                    throw new ConfigurationException(
                        "%s=%s and %s=%s are the same file; valid: two different files"
                            .formatted(key, file, other, otherFile));
                  }
                }));
  }

  private static boolean isSame(Path one, Path other) {
    if (one == null || other == null) {
      return false;
    }
    if (Files.exists(one) && Files.exists(other)) {
      try {
        // two results may share a device: /dev/null, a terminal
        return Files.isRegularFile(one) && Files.isSameFile(one, other);
      } catch (IOException e) {
        throw new ConfigurationException(
            "%s and %s cannot be compared: %s".formatted(one, other, e), e);
      }
    }
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  /** Writes a line. */
  public void line(String text) throws IOException {
    try {
      writer.write(text);
      writer.write('\n');
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /** Hands what was written to the system. */
  public void flush() throws IOException {
    try {
      writer.flush();
    } catch (IOException e) {
      throw refused(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      writer.close();
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private IOException refused(IOException e) {
    return new IOException("%s=%s cannot be written: %s".formatted(key, file, e.getMessage()), e);
  }
}
