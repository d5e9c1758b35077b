package io.dimee.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Why a native library cannot be loaded, as its folder tells. Libraries are unpacked before they
 * are loaded, which wants room, and a file system that programs may be run from.
 */
final class LibraryFailure {
  /** A file that a message begins with or holds. */
  private static final Pattern FILE = Pattern.compile("(?:^|\\s)(/[^:\\n]+):");

  private static final long MEBIBYTE = 1 << 20;

  private final Path temporary;
  private final Predicate<Path> isExecutable;

  /**
   * Prepares to explain.
   *
   * @param temporary folder of libraries, unless the failure names another
   * @param isExecutable whether the system would run a file; {@link Files#isExecutable}
   */
  LibraryFailure(Path temporary, Predicate<Path> isExecutable) {
    this.temporary = temporary;
    this.isExecutable = isExecutable;
  }

  /** The failure of a library among what led to another. */
  static Optional<LinkageError> in(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        // a defect of the class path, not of the machine
        .filter(cause -> !(cause instanceof IncompatibleClassChangeError))
        .filter(LinkageError.class::isInstance)
        .map(LinkageError.class::cast)
        .findFirst();
  }

  /** What happened, and what to look at. */
  String explain(LinkageError failure) {
    String message = message(failure);
    Path folder = folder(message);
    return "cannot load a native library: %s; %s".formatted(message, reason(folder));
  }

  /** An error of a class's initializer says what it is about in its cause. */
  private static String message(LinkageError failure) {
    return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
        .map(Throwable::getMessage)
        .filter(message -> message != null)
        .findFirst()
        .orElse(failure.toString());
  }

  private Path folder(String message) {
    Matcher file = FILE.matcher(message);
    try {
      Path named = file.find() ? Path.of(file.group(1)).getParent() : temporary;
      return named != null && Files.isDirectory(named) ? named : temporary;
    } catch (InvalidPathException e) {
      return temporary;
    }
  }

  private String reason(Path folder) {
    try {
      Path probe = Files.createTempFile(folder, "dimee", ".probe");
      try {
        boolean canBeSet = probe.toFile().setExecutable(true);
        if (canBeSet && !isExecutable.test(probe)) {
          return "nothing can be run from %s, which is mounted noexec; choose another folder with -Djava.io.tmpdir=DIR in"
                  .formatted(folder)
              + " JAVA_TOOL_OPTIONS";
        }
      } finally {
        Files.delete(probe);
      }
      return "is there room in %s? %d MiB are free"
          .formatted(folder, Files.getFileStore(folder).getUsableSpace() / MEBIBYTE);
    } catch (IOException e) {
      return "%s cannot be written: %s".formatted(folder, e);
    }
  }
}
