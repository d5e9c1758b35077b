package io.dimee.analytics;

import io.dimee.inference.files.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;

/**
 * Who may use a cache's file: readers together, a writer alone. DuckDB refuses what does not go
 * together at once, this waits.
 */
final class CacheLock implements AutoCloseable {
  private static final int PAUSE_MS = 50;

  private final FileChannel channel;

  private CacheLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for the lock.
   *
   * @param patience how long
   * @throws IOException when others still have it then, or the file cannot be opened
   */
  static CacheLock take(Path file, boolean shared, Duration patience)
      throws IOException, InterruptedException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PrivateFiles.ofFile(file));
    try {
      long end = System.nanoTime() + patience.toNanos();
      while (!isTaken(channel, shared)) {
        if (System.nanoTime() > end) {
          throw new IOException(
              "another query has locked %s for %d s; wait until it ends, or use another --cache-dir"
                  .formatted(file, patience.toSeconds()));
        }
        Thread.sleep(PAUSE_MS);
      }
      return new CacheLock(channel);
    } catch (IOException | InterruptedException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean isTaken(FileChannel channel, boolean shared) throws IOException {
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // another thread of this process has it
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
