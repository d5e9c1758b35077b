package io.dimee.inference.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.file.PathUtils;

/**
 * One folder for all temporary files of a process, those of its libraries too, which unpack some 50
 * MB of native code. A process that is killed leaves it behind, and the next one deletes what no
 * live process holds; a process's number would not tell, since in a container each has the same.
 */
public final class ProcessFolder implements AutoCloseable {
  private static final String PREFIX = "dimee-process-";
  private static final String LOCK = ".lock";

  /** Between the making of a folder and that of its lock is a moment. */
  private static final Duration WITHOUT_LOCK = Duration.ofHours(1);

  private final Path path;
  private final FileChannel lock;

  private ProcessFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes a folder that nobody else may look into, and deletes those that killed processes of the
   * same user left beside it.
   *
   * @param parent where the system keeps temporary files
   * @return nothing where none can be made: not every command needs one, and what does says so
   */
  public static Optional<ProcessFolder> make(Path parent) {
    try {
      ProcessFolder folder = makeLocked(parent);
      folder.sweep(parent);
      return Optional.of(folder);
    } catch (IOException e) {
      // said by who needs a temporary file, and why
      return Optional.empty();
    }
  }

  private static ProcessFolder makeLocked(Path parent) throws IOException {
    while (true) {
      Path path = makeNew(parent);
      FileChannel channel =
          FileChannel.open(
              path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      // another process may have found the lock free in between, and deletes the folder then
      if (channel.tryLock() != null && Files.exists(path.resolve(LOCK))) {
        return new ProcessFolder(path, channel);
      }
      channel.close();
    }
  }

  private static Path makeNew(Path parent) throws IOException {
    for (long number = System.nanoTime(); ; number++) {
      try {
        return Files.createDirectory(
            parent.resolve(PREFIX + Long.toString(number, Character.MAX_RADIX)), forOwner());
      } catch (FileAlreadyExistsException e) {
        // another's; whoever guessed the name has nothing of it
      }
    }
  }

  private static FileAttribute<?>[] forOwner() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  private void sweep(Path parent) throws IOException {
    List<Path> others = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, PREFIX + "*")) {
      found.forEach(others::add);
    }
    for (Path other : others) {
      try {
        if (!other.equals(path) && isOwn(other)) {
          deleteIfAbandoned(other);
        }
      } catch (IOException e) {
        // another process deletes it at the same time, or the next one will
      }
    }
  }

  private boolean isOwn(Path other) throws IOException {
    return Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(path));
  }

  private static void deleteIfAbandoned(Path other) throws IOException {
    Instant changed = Files.getLastModifiedTime(other).toInstant();
    try (FileChannel channel = FileChannel.open(other.resolve(LOCK), StandardOpenOption.WRITE)) {
      if (channel.tryLock() != null) {
        PathUtils.deleteDirectory(other);
      }
    } catch (OverlappingFileLockException e) {
      // this process has it itself
    } catch (NoSuchFileException e) {
      if (changed.isBefore(Instant.now().minus(WITHOUT_LOCK))) {
        PathUtils.deleteDirectory(other);
      }
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try (lock) {
      PathUtils.deleteDirectory(path);
    } catch (IOException e) {
      // something still writes to it; the next process deletes it
    }
  }
}
