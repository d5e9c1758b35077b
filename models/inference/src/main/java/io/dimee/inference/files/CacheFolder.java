package io.dimee.inference.files;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where this machine keeps what is costly to make, unless a user names another folder. */
public final class CacheFolder {
  private static final String NAME = "dimee";

  private CacheFolder() {}

  /** The folder of the user that this process runs as; nothing when that user has no home. */
  public static Optional<Path> standard() {
    return of(System.getenv(), System.getProperty("user.home"));
  }

  /**
   * As the XDG Base Directory Specification has it.
   *
   * @param userHome what the JVM takes for the home folder: a question mark, where the user has no
   *     account on the machine; then the environment may know better
   */
  static Optional<Path> of(Map<String, String> environment, String userHome) {
    Optional<Path> cache = folder(environment.get("XDG_CACHE_HOME"));
    return cache
        .or(
            () ->
                Stream.of(folder(userHome), folder(environment.get("HOME")))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .map(home -> home.resolve(".cache")))
        .map(folder -> folder.resolve(NAME));
  }

  private static Optional<Path> folder(String path) {
    return Optional.ofNullable(path)
        .filter(text -> !text.isBlank())
        .map(Path::of)
        .filter(Path::isAbsolute);
  }
}
