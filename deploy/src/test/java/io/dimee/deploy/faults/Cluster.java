package io.dimee.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.broker.FreePort;
import io.dimee.deploy.JavaProcess;
import io.dimee.testing.SharedCache;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A broker and the tiers' workers, kept up as a supervisor would. */
final class Cluster implements AutoCloseable {
  /** A worker that is silent for so long is out of its group. */
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

  /** Logs have room, segments have none. */
  private static final int LARGEST_FILE_KB = 512;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path directory;
  private final String port;
  private final FlakyProxy proxy;
  private final Random random;
  private final String policy;
  private final Map<Part, Stutter> stutters = new EnumMap<>(Part.class);
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

  /**
   * Nothing runs yet but the proxy.
   *
   * @param directory for data and logs
   * @param policy the router's
   * @param seed decides which connections drop
   */
  Cluster(Path directory, String policy, long seed) throws IOException {
    this.directory = directory;
    this.policy = policy;
    this.random = new Random(seed);
    int free = FreePort.find();
    this.port = Integer.toString(free);
    this.proxy = new FlakyProxy(free);
  }

  /** Where clients connect, through the proxy. */
  String bootstrapServers() {
    return "127.0.0.1:" + proxy.port();
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
    processes.put(part, JavaProcess.start(directory, name(part), args(part, SharedCache.FOLDER)));
  }

  private String name(Part part) {
    return "%03d-%s".formatted(starts++, part.name().toLowerCase(Locale.ROOT));
  }

  private String[] args(Part part, Path cache) {
    if (part == Part.BROKER) {
      return new String[] {
        "broker",
        "--port",
        port,
        "--data",
        directory.resolve("data").toString(),
        "--broker-property",
        "advertised.listeners=PLAINTEXT://" + bootstrapServers()
      };
    }
    List<String> args =
        new ArrayList<>(
            List.of(
                part.command(),
                "--bootstrap-servers",
                bootstrapServers(),
                "--bundle",
                "../models/bundles/sst2",
                "--cache-dir",
                cache.toString(),
                "--threads",
                "1",
                "--kafka-property",
                "session.timeout.ms=" + SESSION_TIMEOUT.toMillis()));
    if (part == Part.MOBILE) {
      args.addAll(List.of("--policy", policy));
    }
    return args.toArray(String[]::new);
  }

  /**
   * A worker whose cache is empty and whose disk is full, in place of one that is killed: it must
   * end by itself, say why in one line, and leave the cache as it was.
   */
  void startOnFullDisk(Part part) throws IOException, InterruptedException {
    kill(part);
    Path cache = directory.resolve("full-" + starts);
    JavaProcess process =
        JavaProcess.startOnFullDisk(directory, name(part), LARGEST_FILE_KB, args(part, cache));
    processes.put(part, process);
    assertThat(process.waitFor(PATIENCE.toSeconds())).isEqualTo(1);
    // another fault may keep it from the broker for a while, which it tells as well
    assertThat(process.output().lines().filter(line -> !line.contains("broker answers")))
        .as(process.output())
        .singleElement()
        .asString()
        .contains("cannot write", "cache-dir");
    assertThat(cache).isEmptyDirectory();
  }

  void dropSomeConnections() {
    proxy.dropSome(random);
  }

  void cutNetwork() {
    proxy.cut();
  }

  void restoreNetwork() {
    proxy.restore();
  }

  void slowDown(Part part) {
    stutters.put(part, new Stutter(processes.get(part)));
  }

  void speedUp(Part part) throws IOException, InterruptedException {
    stutters.remove(part).end();
  }

  void awaitReady(Part part) {
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
  public void close() throws IOException {
    stutters.values().forEach(Stutter::abandon);
    processes.values().forEach(JavaProcess::close);
    proxy.close();
  }
}
