package io.dimee.inference.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A program in a JVM of its own, which loads all that it needs. */
public final class ChildJvm {
  private final Path folder;
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> variables = new HashMap<>();
  private final Set<String> withoutVariables;

  /**
   * Prepares one.
   *
   * @param folder in which it runs
   * @param withoutVariables those of this process that it does not see
   */
  public ChildJvm(Path folder, Set<String> withoutVariables) {
    this.folder = folder;
    this.withoutVariables = withoutVariables;
  }

  /** Adds an option of the JVM. */
  public ChildJvm option(String option) {
    options.add(option);
    return this;
  }

  /** Adds a variable of the environment. */
  public ChildJvm variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  /** Runs a program to its end; returns the lines that it prints. */
  public List<String> run(Class<?> main, String... args) throws IOException, InterruptedException {
    Path classPath = folder.resolve("class-path");
    Files.writeString(classPath, "-cp " + System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.add("@" + classPath);
    command.add(main.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeAll(withoutVariables);
    builder.environment().putAll(variables);
    Process process = builder.start();
    List<String> output = process.inputReader().lines().toList();
    if (process.waitFor() != 0) {
      throw new AssertionError("the process failed: " + output);
    }
    return output;
  }

  /** All files and folders below one, by their paths from there. */
  public static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(folder::relativize).map(Path::toString).toList();
    }
  }
}
