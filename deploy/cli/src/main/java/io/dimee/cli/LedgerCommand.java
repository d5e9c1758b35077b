package io.dimee.cli;

import io.dimee.avro.LedgerEntry;
import io.dimee.client.TimeAmount;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.DriftOption;
import io.dimee.console.ExitCode;
import io.dimee.console.HttpOptions;
import io.dimee.console.Interrupt;
import io.dimee.console.KafkaOptions;
import io.dimee.console.KnownModels;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.console.Watch;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.node.beginning.Beginning;
import io.dimee.node.beginning.From;
import io.dimee.node.beginning.Part;
import io.dimee.node.ledger.LedgerServer;
import io.dimee.node.ledger.LedgerStage;
import io.dimee.node.ledger.StoreStage;
import io.dimee.node.ledger.UnansweredStage;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.node.stages.Stages;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.streams.state.HostInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The ledger against a cluster, until Ctrl-C. */
@Command(
    name = "ledger",
    description = {
      "Sums up predictions by the minute, detects drift and finds unanswered events, until Ctrl-C.",
      "Predictions are counted by tier, pool, policy and model in the ledger topic, and compared with the"
          + " calibration of their bundle. Events that have neither a prediction nor a dead letter are counted too.",
      "Serves /ledger?from=INSTANT&to=INSTANT, /drift, /unanswered and /metrics (Prometheus). Start more instances to"
          + " share the work; each answers for all."
    },
    footer = {
      "",
      "Examples:",
      "  dimee ledger --bootstrap-servers broker:9092",
      "  curl 'localhost:8081/ledger?from=2026-11-26T12:00:00Z'",
      "  curl localhost:8081/unanswered"
    })
@CommandGroup(CommandGroup.Heading.SERVICES)
final class LedgerCommand implements Callable<Integer> {
  private static final int PORT = 8081;
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::");

  @Mixin private KafkaOptions kafka;
  @Mixin private KnownModels models;
  @Mixin private DriftOption drift;
  @Mixin private FromOption from;
  @Mixin private HttpOptions http;
  @Mixin CommonOptions common;

  @OptionGroup(Heading.WEB_SERVER)
  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description =
          "Address at which other instances of the ledger reach this one. Default: the web server's")
  private String advertise;

  @OptionGroup(Heading.PIPELINE)
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Directory of the state store. Default: a temporary one, restored from the cluster")
  private Path state;

  @OptionGroup(Heading.PIPELINE)
  @Option(
      names = "--retention-days",
      paramLabel = "N",
      defaultValue = "30",
      description =
          "Days for which windows, and events without an outcome, are kept; predictions that are older than the newest"
              + " by more than that are not counted. Default: ${DEFAULT-VALUE}")
  private int retentionDays;

  @OptionGroup(Heading.PIPELINE)
  @Option(
      names = "--overdue",
      paramLabel = "TIME",
      defaultValue = "10m",
      description =
          "Time (30s, 10m, 24h, 7d) after which an event without an outcome counts as unanswered."
              + " Default: ${DEFAULT-VALUE}")
  private String overdue;

  @Mixin private PartitionsOption partitions;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    int perTopic = partitions.partitions();
    ConfigurationException.requirePositive("retention-days", retentionDays);
    int port = http.port(PORT);
    if (port == 0) {
      throw new ConfigurationException(
          "http-port=0: other instances must know the port; valid: 1 to 65535");
    }
    HostInfo own = own(port);
    Map<String, BundleManifest> manifests = models.manifests();
    KafkaSettings settings = kafka.settings();
    Topics topics = kafka.topics();
    From begin = from.from();
    Duration window = drift.window();
    Duration patience = patience();
    try (Interrupt interrupt = Interrupt.install();
        RecordFormats formats = kafka.formats();
        ProcessMeters meters = new ProcessMeters("ledger");
        Stages stages = new Stages()) {
      if (!kafka.awaitBroker(interrupt, spec.commandLine().getErr())) {
        return ExitCode.DONE;
      }
      Connection connection = kafka.connection(formats);
      formats.prepare(topics.ledger(), LedgerEntry.class);
      Optional<From> chosen = settle(connection, begin, Part.ledger(topics));
      StoreStage.Settings store =
          new StoreStage.Settings(
              perTopic,
              Duration.ofDays(retentionDays),
              Optional.ofNullable(state),
              Optional.of(own.host() + ":" + own.port()));
      LedgerStage stage = LedgerStage.create(connection, store, meters.registry());
      stages.add(stage);
      if (chosen.filter(From.EARLIEST::equals).isPresent()) {
        stage.forget(settings);
      }
      UnansweredStage unanswered = UnansweredStage.create(connection, store, meters.registry());
      stages.add(unanswered);
      // what is known of open events may be found again at any time, and needs no word of the user
      From open = begin == From.COMMITTED ? From.EARLIEST : begin;
      if (settle(connection, open, Part.unanswered(topics)).isPresent()) {
        unanswered.forget(settings);
      }
      LedgerServer.Settings answers =
          new LedgerServer.Settings(manifests, window, patience, http.host(), port, names(own));
      try (LedgerServer server = new LedgerServer(stage, unanswered, answers, meters, own)) {
        // after the server: an instance that cannot answer must not join
        stages.start();
        spec.commandLine()
            .getOut()
            .printf(
                "ledger ready, reading %s from %s, answering at %sledger%n",
                topics.predictions(), settings.bootstrapServers(), server.url());
        Watch.over(
                stages, meters.registry(), settings.bootstrapServers(), spec.commandLine().getErr())
            .untilInterrupted(interrupt);
      }
    }
    return ExitCode.DONE;
  }

  private static Optional<From> settle(Connection connection, From from, Part part)
      throws InterruptedException {
    try (Beginning beginning = new Beginning(connection, from)) {
      return beginning.settle(part);
    }
  }

  private Duration patience() {
    return TimeAmount.parse(overdue)
        .filter(time -> !time.isZero())
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "overdue=%s must be a duration above 0; valid: 30s, 10m, 24h, 7d"
                        .formatted(overdue)));
  }

  private Set<String> names(HostInfo own) {
    Set<String> names = new HashSet<>(http.names());
    names.add(own.host());
    return names;
  }

  private HostInfo own(int port) {
    if (advertise == null && WILDCARDS.contains(http.host())) {
      throw new ConfigurationException(
          "http-host=%s is not an address at which others can reach this instance; set --advertise"
              .formatted(http.host()));
    }
    String address = advertise == null ? http.host() + ":" + port : advertise;
    HostInfo own =
        address.matches("[^\\s:]+:\\d{1,5}") ? HostInfo.buildFromEndpoint(address) : null;
    if (own == null || own.port() > 65_535) {
      throw new ConfigurationException(
          "advertise=%s is not an address; valid: host:port".formatted(address));
    }
    return own;
  }
}
