package io.dimee.deploy.bench;

import io.dimee.avro.Prediction;
import io.dimee.deploy.TemporaryFolder;
import io.dimee.deploy.broker.EmbeddedBroker;
import io.dimee.deploy.events.InputItem;
import io.dimee.deploy.pipeline.ModelSource;
import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.EnumNames;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The commands as people run them: how fast they start, what they hold, and whether that grows. */
final class ProcessBenchmark {
  private static final int PARTITIONS = 2;

  /** Rows come at 1, 2, 5, 10, 20, 50, ... times this many events. */
  private static final int FIRST_ROW = 1_000;

  private static final List<Integer> STEPS = List.of(1, 2, 5);

  private final ModelSource source;
  private final Path cache;
  private final Policy policy;
  private final RecordFormats formats;
  private final List<InputItem.Event> events;
  private final BiConsumer<String, Integer> progress;

  /**
   * Prepares.
   *
   * @param progress told what runs, and how many events are answered
   */
  ProcessBenchmark(
      ModelSource source,
      Policy policy,
      RecordFormats formats,
      List<InputItem.Event> events,
      BiConsumer<String, Integer> progress) {
    this.source = source;
    this.cache = source.cache().path("").toAbsolutePath();
    this.policy = policy;
    this.formats = formats;
    this.events = events;
    this.progress = progress;
  }

  /** What was seen. */
  record Result(List<StartUp> startUps, List<Endurance> endurance) {}

  /**
   * Starts the commands one after the other and lets the tiers answer.
   *
   * @param total events
   */
  Result run(int total) throws InterruptedException {
    List<StartUp> startUps = new ArrayList<>();
    progress.accept("start-up", 0);
    startUps.add(help());
    startUps.add(firstPrediction());
    Topics topics = new Topics("bench-processes.");
    try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
      KafkaSettings settings = new KafkaSettings(broker.bootstrapServers(), Map.of());
      TopicSetup.ensure(settings, topics.all(), PARTITIONS);
      try (Tiers tiers = new Tiers(topics)) {
        for (Tier tier : Tier.values()) {
          startUps.add(tiers.start(tier, settings.bootstrapServers()));
        }
        try (Load load =
            new Load(
                settings, tiers, source.bundle().manifest().labels(), formats, Clock.systemUTC())) {
          return new Result(startUps, endurance(load, tiers, total));
        }
      }
    }
  }

  private List<String> arguments(String command) {
    return new ArrayList<>(
        List.of(
            command,
            "--bundle",
            source.bundle().directory().toAbsolutePath().toString(),
            "--cache-dir",
            cache.toString()));
  }

  private static StartUp help() throws InterruptedException {
    try (ChildProcess process = ChildProcess.start(List.of("--help"))) {
      return new StartUp("dimee --help", "its end", process.awaitEnd());
    }
  }

  private StartUp firstPrediction() throws InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create("dimee-bench")) {
      Path output = folder.path().resolve("predictions.jsonl");
      List<String> arguments = arguments("run");
      arguments.addAll(List.of("--output", output.toString()));
      try (ChildProcess process = ChildProcess.start(arguments)) {
        return new StartUp(
            "dimee run", "the first prediction", process.await(() -> isWritten(output)));
      }
    }
  }

  private static boolean isWritten(Path file) {
    try {
      return Files.exists(file) && Files.size(file) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Endurance> endurance(Load load, Tiers tiers, int total) {
    List<Endurance> rows = new ArrayList<>();
    int done = 0;
    int power = FIRST_ROW;
    for (int i = 0; done < total; i++) {
      int goal = Math.min(total, power * STEPS.get(i % STEPS.size()));
      power = i % STEPS.size() == STEPS.size() - 1 ? power * 10 : power;
      int from = done;
      double seconds = 0;
      while (done < goal) {
        // in pieces, so that neither the sender nor this process's memory is what is measured
        List<InputItem.Event> piece = events.subList(0, Math.min(events.size(), goal - done));
        int before = done;
        seconds +=
            load.run(piece, 0, count -> progress.accept("endurance", before + count)).seconds();
        done += piece.size();
      }
      rows.add(new Endurance(goal, 1_000 * seconds / (goal - from), tiers.resident()));
    }
    return rows;
  }

  /** The three tiers, a process each. */
  private final class Tiers implements Contestant {
    private final Topics topics;
    private final Map<Tier, ChildProcess> processes = new LinkedHashMap<>();

    Tiers(Topics topics) {
      this.topics = topics;
    }

    StartUp start(Tier tier, String bootstrapServers) throws InterruptedException {
      String command = EnumNames.lower(tier);
      List<String> arguments = arguments(command);
      arguments.addAll(
          List.of(
              "--bootstrap-servers",
              bootstrapServers,
              "--topic-prefix",
              topics.prefix(),
              "--threads",
              "1"));
      if (tier == Tier.MOBILE) {
        arguments.addAll(List.of("--policy", policy.id()));
      }
      ChildProcess process = ChildProcess.start(arguments);
      processes.put(tier, process);
      return new StartUp(
          "dimee " + command, "ready", process.await(() -> process.output().contains(" ready")));
    }

    Map<String, Long> resident() {
      Map<String, Long> resident = new LinkedHashMap<>();
      processes.forEach(
          (tier, process) ->
              process
                  .residentMebibytes()
                  .ifPresent(size -> resident.put(EnumNames.lower(tier), size)));
      return resident;
    }

    @Override
    public String name() {
      return "a process a tier";
    }

    @Override
    public Topics topics() {
      return topics;
    }

    @Override
    public int label(byte[] answer) {
      return formats.of(Prediction.class).decode(topics.predictions(), answer).getLabel();
    }

    @Override
    public void throwIfFailed() {
      processes.forEach(
          (tier, process) -> {
            if (!process.isAlive()) {
              throw new IllegalStateException(
                  "the process of %s ended: %s".formatted(tier, process.output().strip()));
            }
          });
    }

    @Override
    public void close() {
      processes.values().forEach(ChildProcess::close);
    }
  }
}
