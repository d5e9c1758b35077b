package io.dimee.deploy.registry;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** A JDK of this machine that is new enough for the registry. */
final class NewerJdk {
  /** What the registry asks for. */
  static final int LEAST = 21;

  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/lib/jvm"),
          Path.of("/opt"),
          Path.of("/Library/Java/JavaVirtualMachines"),
          Path.of(System.getProperty("user.home"), ".sdkman/candidates/java"),
          Path.of(System.getProperty("user.home"), ".jdks"));

  private NewerJdk() {}

  /** Its java command, if there is one. */
  static Optional<Path> java() {
    Stream<Path> named =
        System.getenv().entrySet().stream()
            .filter(variable -> variable.getKey().matches("JAVA_?HOME.*"))
            .map(variable -> Path.of(variable.getValue()));
    Stream<Path> own = Stream.of(Path.of(System.getProperty("java.home")));
    return Stream.of(own, named, FOLDERS.stream().flatMap(NewerJdk::children))
        .flatMap(homes -> homes)
        .filter(home -> version(home) >= LEAST && Files.isExecutable(home.resolve("bin/java")))
        .min(Comparator.comparing(NewerJdk::version))
        .map(home -> home.resolve("bin/java"));
  }

  private static Stream<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.toList().stream();
    } catch (IOException e) {
      // a folder that cannot be read holds no JDK for us
      return Stream.of();
    }
  }

  /** Feature version by the file that every JDK has; 0 where there is none. */
  private static int version(Path home) {
    Path release = home.resolve("release");
    if (!Files.isRegularFile(release)) {
      return 0;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(release)) {
      properties.load(reader);
    } catch (IOException e) {
      return 0;
    }
    String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
    return Integer.parseInt(version.split("[^0-9]", 2)[0]);
  }
}
