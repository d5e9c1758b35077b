package io.dimee.deploy;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line in a JVM of its own, with its temporary files in a folder of their own, tmp. */
public final class JavaProcess implements AutoCloseable {
  private final Process process;
  private final Path output;

  private JavaProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts a command; its output goes to a file of the folder. */
  public static JavaProcess start(Path directory, String name, String... args) throws IOException {
    return start(directory, name, List.of(), args);
  }

  /** Starts a command that logs its settings; its output goes to a file of the folder. */
  public static JavaProcess startTalkative(Path directory, String name, String... args)
      throws IOException {
    return start(
        directory, name, List.of("bash", "-c", "DIMEE_LOG_LEVEL=info exec \"$@\"", "bash"), args);
  }

  /** Starts a command that logs its settings as JSON; the file gets what it logs and no more. */
  public static JavaProcess startLoggingJson(Path directory, String name, String... args)
      throws IOException {
    String script = "DIMEE_LOG_FORMAT=json exec \"$@\" 2>&1 >/dev/null";
    return start(directory, name, List.of("bash", "-c", script, "bash"), args);
  }

  /**
   * Starts a command from a script of bash, whose arguments it is; the file gets what it prints to
   * standard output, and what else it prints goes to another, of the name and {@code -err}.
   */
  public static JavaProcess startFrom(Path directory, String name, String script, String... args)
      throws IOException {
    String errors = "exec 2>'%s'; ".formatted(directory.resolve(name + "-err.log"));
    return start(directory, name, List.of("bash", "-c", errors + script, "bash"), args);
  }

  /**
   * Starts a command that can write no file beyond a size, as on a disk that is full: more is an
   * error of the write.
   *
   * @param kilobytes most that a file may have
   */
  public static JavaProcess startOnFullDisk(
      Path directory, String name, int kilobytes, String... args) throws IOException {
    return start(
        directory,
        name,
        List.of("bash", "-c", "ulimit -f %d; exec \"$@\"".formatted(kilobytes), "bash"),
        args);
  }

  /**
   * Starts a command under strace, which writes down all that it connects to; it must be installed.
   *
   * @param connections file with a line a connection
   */
  public static JavaProcess startWatched(
      Path directory, String name, Path connections, String... args) throws IOException {
    // the tracer is the grandchild, so that signals reach the command; seccomp stops the command
    // for nothing but connections
    List<String> strace =
        List.of(
            "strace",
            "--seccomp-bpf",
            "-D",
            "-f",
            "-qq",
            "-e",
            "trace=connect",
            "-e",
            "signal=none",
            "-o");
    List<String> shell = new ArrayList<>(strace);
    shell.add(connections.toString());
    return start(directory, name, shell, args);
  }

  private static JavaProcess start(Path directory, String name, List<String> shell, String... args)
      throws IOException {
    Path output = directory.resolve(name + ".log");
    // ONNX Runtime 1.29 crashes while it loads when the command line is longer than about 6 KB
    Path classPath = directory.resolve(name + ".args");
    Files.writeString(classPath, "-cp " + System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>(shell);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx768m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote",
            "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")),
            "@" + classPath,
            "io.dimee.cli.Dimee"));
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new JavaProcess(process, output);
  }

  /** All that it has printed. */
  public String output() throws IOException {
    return Files.readString(output);
  }

  /** Waits until it has printed a text; fails when it ends before. */
  public void awaitOutput(String text, Duration patience) {
    await()
        .atMost(patience)
        .until(
            () -> {
              if (!isAlive()) {
                throw new AssertionError("the process ended: " + output());
              }
              return output().contains(text);
            });
  }

  /** What a list of processes shows of it. */
  public String commandLine() {
    return process.info().commandLine().orElse("");
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM, as Ctrl-C does in effect. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
  }

  /** SIGSTOP: it does nothing at all, and does not know. */
  public void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** SIGCONT. */
  public void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
  }

  /** Waits for its end; returns its exit code. */
  public int waitFor(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("the process still runs after " + seconds + " s");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
