package io.dimee.inference.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where libraries unpack the native code that they load. Left alone, some take a folder of a known
 * name below the one for temporary files, where another user may have put other code before.
 */
public final class NativeCode {
  private static final String JNA_FOLDER = "jna.tmpdir";

  /** DJL takes the first that is set, of the environment before the properties. */
  private static final String DJL_FOLDER = "ENGINE_CACHE_DIR";

  private static final String DJL_OTHER_FOLDER = "DJL_CACHE_DIR";
  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  private NativeCode() {}

  /** Settles it for JNA, which deletes its file once it is loaded. */
  public static void prepareJna() {
    if (System.getProperty(JNA_FOLDER) == null) {
      // the file itself has a name that nobody can guess
      System.setProperty(JNA_FOLDER, TemporaryFiles.folder().toString());
    }
  }

  /** Settles it for DJL, unless the user has: its libraries stay, for the next process. */
  public static void prepareDjl() {
    prepareJna();
    boolean isSet =
        Stream.of(DJL_FOLDER, DJL_OTHER_FOLDER)
            .anyMatch(key -> isSet(System.getenv(key)) || isSet(System.getProperty(key)));
    if (!isSet) {
      Path folder =
          CacheFolder.standard()
              .flatMap(cache -> ownFolder(cache.resolve("native")))
              .orElseGet(NativeCode::temporaryFolder);
      System.setProperty(DJL_FOLDER, folder.toString());
    }
  }

  private static boolean isSet(String value) {
    return value != null && !value.isEmpty();
  }

  /** A folder that this user alone may write to; nothing where it cannot be had. */
  public static Optional<Path> ownFolder(Path folder) {
    try {
      Files.createDirectories(folder.getParent());
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        makeForOwner(folder);
      } else {
        Files.createDirectories(folder);
      }
      return Optional.of(folder).filter(Files::isWritable);
    } catch (IOException e) {
      // read-only, full, or another user's: there is another place for it
      return Optional.empty();
    }
  }

  private static void makeForOwner(Path folder) throws IOException {
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNERS));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      // only its owner may
      Files.setPosixFilePermissions(folder, OWNERS);
    }
  }

  /** A new folder of a name that nobody can guess, for this user alone. */
  public static Path temporaryFolder() {
    try {
      return Files.createTempDirectory(TemporaryFiles.folder(), "dimee-native");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary folder: " + e.getMessage(), e);
    }
  }
}
