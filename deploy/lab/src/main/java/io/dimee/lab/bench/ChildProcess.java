package io.dimee.lab.bench;

import io.dimee.inference.files.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** This project's command line in a JVM of its own, with the JVM's own defaults. */
final class ChildProcess implements AutoCloseable {
  private static final String MAIN = "io.dimee.cli.Dimee";
  private static final String RESIDENT = "VmRSS:";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long GRACE_SECONDS = 20;
  private static final long WATCH_MILLIS = 10;

  private final TemporaryFolder folder;
  private final Process process;
  private final long begin = System.nanoTime();

  private ChildProcess(TemporaryFolder folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  static ChildProcess start(List<String> arguments) {
    TemporaryFolder folder = TemporaryFolder.create("dimee-bench");
    try {
      // ONNX Runtime 1.29 crashes while it loads when the command line is longer than about 6 KB
      Path classPath = folder.path().resolve("class-path");
      Files.writeString(classPath, "-cp " + System.getProperty("java.class.path"));
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-XX:+UseG1GC");
      command.add("@" + classPath);
      command.add(MAIN);
      command.addAll(arguments);
      return new ChildProcess(
          folder,
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output(folder).toFile())
              .start());
    } catch (IOException e) {
      folder.close();
      throw new UncheckedIOException("cannot start a process: " + e.getMessage(), e);
    }
  }

  private static Path output(TemporaryFolder folder) {
    return folder.path().resolve("output");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it has printed. */
  String output() {
    try {
      return Files.readString(output(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits for something that the process brings about.
   *
   * @return seconds since it was started
   * @throws IllegalStateException when it ends or nothing happens for two minutes
   */
  double await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() && !condition.getAsBoolean()) {
        throw new IllegalStateException("a process ended early: " + output().strip());
      }
      if (seconds() > PATIENCE.toSeconds()) {
        throw new IllegalStateException("a process is not ready after %s".formatted(PATIENCE));
      }
      Thread.sleep(WATCH_MILLIS);
    }
    return seconds();
  }

  /** Waits for its end; returns the seconds since it was started. */
  double awaitEnd() throws InterruptedException {
    process.waitFor();
    return seconds();
  }

  private double seconds() {
    return (System.nanoTime() - begin) / Load.NANOS_PER_SECOND;
  }

  /** Memory that it holds, in MiB; empty where the system does not tell. */
  OptionalLong residentMebibytes() {
    Path status = Path.of("/proc/%d/status".formatted(process.pid()));
    if (!Files.isReadable(status)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith(RESIDENT))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + status, e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    folder.close();
  }
}
