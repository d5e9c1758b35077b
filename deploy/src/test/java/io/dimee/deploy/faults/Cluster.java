package io.dimee.deploy.faults;

import io.dimee.deploy.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A broker and the tiers' workers, kept up as a supervisor would. */
final class Cluster implements AutoCloseable {
  /** A worker that is silent for so long is out of its group. */
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path directory;
  private final String port;
  private final Map<Part, JavaProcess> processes = new EnumMap<>(Part.class);
  private final Set<Part> wanted = EnumSet.noneOf(Part.class);
  private int starts;
  private int unaskedEnds;

  /** The processes. */
  enum Part {
    BROKER,
    MOBILE,
    EDGE,
    OTHER_EDGE,
    CLOUD,
    /** Comes and goes. */
    THIRD_EDGE;

    String command() {
      return switch (this) {
        case EDGE, OTHER_EDGE, THIRD_EDGE -> "edge";
        default -> name().toLowerCase(Locale.ROOT);
      };
    }

    String readyLine() {
      return command() + (this == BROKER ? " ready" : " tier ready");
    }
  }

  Cluster(Path directory) throws IOException {
    this.directory = directory;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = Integer.toString(socket.getLocalPort());
    }
  }

  String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Starts all but the third edge, and waits until they are ready. */
  void startAll() throws IOException {
    start(Part.BROKER);
    awaitReady(Part.BROKER);
    List<Part> workers = List.of(Part.MOBILE, Part.EDGE, Part.OTHER_EDGE, Part.CLOUD);
    for (Part worker : workers) {
      start(worker);
    }
    workers.forEach(this::awaitReady);
  }

  void start(Part part) throws IOException {
    wanted.add(part);
    List<String> args =
        part == Part.BROKER
            ? List.of("broker", "--port", port, "--data", directory.resolve("data").toString())
            : List.of(
                part.command(),
                "--bootstrap-servers",
                bootstrapServers(),
                "--bundle",
                "../models/bundles/sst2",
                "--cache-dir",
                directory.resolve("cache").toString(),
                "--threads",
                "1",
                "--kafka-property",
                "session.timeout.ms=" + SESSION_TIMEOUT.toMillis());
    String name = "%02d-%s".formatted(starts++, part.name().toLowerCase(Locale.ROOT));
    processes.put(part, JavaProcess.start(directory, name, args.toArray(String[]::new)));
  }

  private void awaitReady(Part part) {
    processes.get(part).awaitOutput(part.readyLine(), PATIENCE);
  }

  /** SIGKILL. */
  void kill(Part part) throws InterruptedException {
    wanted.remove(part);
    processes.get(part).kill();
    processes.get(part).waitFor(PATIENCE.toSeconds());
  }

  /** SIGTERM. */
  void terminate(Part part) {
    wanted.remove(part);
    processes.get(part).terminate();
  }

  void awaitEnd(Part part) throws InterruptedException {
    processes.get(part).waitFor(PATIENCE.toSeconds());
  }

  void freeze(Part part) throws IOException, InterruptedException {
    processes.get(part).freeze();
  }

  void thaw(Part part) throws IOException, InterruptedException {
    processes.get(part).thaw();
  }

  /** Starts again what has ended by itself. */
  void supervise() throws IOException {
    for (Part part : List.copyOf(wanted)) {
      if (!processes.get(part).isAlive()) {
        unaskedEnds++;
        start(part);
      }
    }
  }

  /** Workers that have ended by themselves, and were started again. */
  int unaskedEnds() {
    return unaskedEnds;
  }

  @Override
  public void close() {
    processes.values().forEach(JavaProcess::close);
  }
}
