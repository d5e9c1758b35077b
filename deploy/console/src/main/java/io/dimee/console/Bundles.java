package io.dimee.console;

import io.dimee.inference.bundle.Bundle;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The bundles that come with the project. */
public final class Bundles {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_@-]*";

  private Bundles() {}

  /** Their folder. */
  public static Path folder() {
    return Path.of(System.getProperty("dimee.home", "."), "models", "bundles");
  }

  /**
   * Folder of a bundle: a plain name means one of this project, anything else is a path.
   *
   * @throws ConfigurationException when it is neither
   */
  public static Path find(String bundle) {
    if (bundle.matches(NAME) && Files.isDirectory(folder().resolve(bundle))) {
      return folder().resolve(bundle);
    }
    if (Files.isDirectory(Path.of(bundle))) {
      return Path.of(bundle);
    }
    throw new ConfigurationException(
        "bundle=%s is neither the name of a bundle nor a directory; valid names: %s"
            .formatted(bundle, String.join(", ", names())));
  }

  /** Names of all. */
  public static List<String> names() {
    try (Stream<Path> entries = Files.list(folder())) {
      return entries
          .filter(entry -> Files.exists(entry.resolve(Bundle.MANIFEST)))
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      // the message that lists the names is about something else
      return List.of();
    }
  }
}
