package io.dimee.inference.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and folders that hold what others wrote, and that only this process's user may read, where
 * the file system knows such rights.
 */
public final class PrivateFiles {
  private static final String POSIX = "posix";

  private PrivateFiles() {}

  /**
   * Makes a private folder unless there is a folder already; folders above it that are missing are
   * made as any.
   *
   * @return whether it was made
   */
  public static boolean createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return false;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(folder, attributes(folder, "rwx------"));
      return true;
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(folder)) {
        // another process was faster
        return false;
      }
      throw e;
    }
  }

  /** How a new private file is to be made. */
  public static FileAttribute<?>[] ofFile(Path file) {
    return attributes(file, "rw-------");
  }

  private static FileAttribute<?>[] attributes(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains(POSIX)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Takes from others than its owner what rights they have to a file or folder.
   *
   * @throws IOException when it is somebody else's
   */
  public static void restrict(Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    if (permissions.removeIf(PrivateFiles::isOfOthers)) {
      view.setPermissions(permissions);
    }
  }

  /** Whether nobody but its owner has rights to a file or folder, as far as is known. */
  public static boolean isPrivate(Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    return view == null
        || view.readAttributes().permissions().stream().noneMatch(PrivateFiles::isOfOthers);
  }

  private static boolean isOfOthers(PosixFilePermission permission) {
    return !permission.name().startsWith("OWNER_");
  }

  /** Whether everybody may write there, as in the folder for temporary files. */
  public static boolean isEverybodys(Path folder) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class);
    return view != null
        && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_WRITE);
  }
}
