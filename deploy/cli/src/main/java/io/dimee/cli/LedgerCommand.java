package io.dimee.cli;

import io.dimee.avro.LedgerEntry;
import io.dimee.client.TimeAmount;
import io.dimee.console.CommonOptions;
import io.dimee.console.DriftOption;
import io.dimee.console.ExitCode;
import io.dimee.console.HttpOptions;
import io.dimee.console.Interrupt;
import io.dimee.console.KafkaOptions;
import io.dimee.console.KnownModels;
import io.dimee.console.Outage;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.node.beginning.Beginning;
import io.dimee.node.beginning.From;
import io.dimee.node.beginning.Part;
import io.dimee.node.ledger.LedgerServer;
import io.dimee.node.ledger.LedgerStage;
import io.dimee.node.ledger.StoreStage;
import io.dimee.node.ledger.UnansweredStage;
import io.dimee.node.operations.BrokerSilence;
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
      "Adds up the predictions of each minute by tier, pool, policy and model into the ledger topic, and compares them"
          + " with what calibration saw, until Ctrl-C. Counts the events that have neither a prediction nor a dead letter.",
      "GET /ledger?from=INSTANT&to=INSTANT, /drift, /unanswered and /metrics (Prometheus). Start more to share the work:"
          + " each answers for all."
    },
    footer = {
      "",
      "Examples:",
      "  dimee ledger --bootstrap-servers broker:9092",
      "  curl 'localhost:8081/ledger?from=2026-11-26T12:00:00Z'",
      "  curl localhost:8081/unanswered"
    })
final class LedgerCommand implements Callable<Integer> {
  private static final int PORT = 8081;
  private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::");

  @Mixin private KafkaOptions kafka;
  @Mixin private KnownModels models;
  @Mixin private DriftOption drift;
  @Mixin private FromOption from;
  @Mixin private HttpOptions http;
  @Mixin CommonOptions common;

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description =
          "Address at which other instances of the ledger reach this one. Default: that of the web server")
  private String advertise;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Folder of the store. Default: a temporary one, which is restored from the cluster")
  private Path state;

  @Option(
      names = "--retention-days",
      paramLabel = "N",
      defaultValue = "30",
      description =
          "Days for which windows are kept, and events without an outcome; a prediction that is older than the newest by"
              + " more is not counted."
              + " Default: ${DEFAULT-VALUE}")
  private int retentionDays;

  @Option(
      names = "--overdue",
      paramLabel = "TIME",
      defaultValue = "10m",
      description =
          "How long (30s, 10m, 24h, 7d) an event may be without an outcome before it counts as unanswered."
              + " Default: ${DEFAULT-VALUE}")
  private String overdue;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "4",
      description = "Partitions of topics that do not exist yet. Default: ${DEFAULT-VALUE}")
  private int partitions;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    requirePositive("partitions", partitions);
    requirePositive("retention-days", retentionDays);
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
      Optional<From> anew = anew(connection, begin, Part.ledger(topics));
      StoreStage.Settings store =
          new StoreStage.Settings(
              partitions,
              Duration.ofDays(retentionDays),
              Optional.ofNullable(state),
              Optional.of(own.host() + ":" + own.port()));
      LedgerStage stage = LedgerStage.create(connection, store, meters.registry());
      stages.add(stage);
      if (anew.filter(From.EARLIEST::equals).isPresent()) {
        stage.forget(settings);
      }
      UnansweredStage unanswered = UnansweredStage.create(connection, store, meters.registry());
      stages.add(unanswered);
      // what is known of open events may be found again at any time, and needs no word of the user
      From open = begin == From.COMMITTED ? From.EARLIEST : begin;
      if (anew(connection, open, Part.unanswered(topics)).isPresent()) {
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
        new Watch(
                stages::throwIfFailed,
                new BrokerSilence(meters.registry(), settings.bootstrapServers(), System::nanoTime)
                    ::failure,
                new Outage(spec.commandLine().getErr(), System::nanoTime))
            .untilInterrupted(interrupt);
      }
    }
    return ExitCode.DONE;
  }

  private static Optional<From> anew(Connection connection, From from, Part part)
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
                    "overdue=%s is no time; valid: 30s, 10m, 24h, 7d".formatted(overdue)));
  }

  private Set<String> names(HostInfo own) {
    Set<String> names = new HashSet<>(http.names());
    names.add(own.host());
    return names;
  }

  private HostInfo own(int port) {
    if (advertise == null && WILDCARDS.contains(http.host())) {
      throw new ConfigurationException(
          "http-host=%s is no address at which others reach this instance; name one with --advertise"
              .formatted(http.host()));
    }
    String address = advertise == null ? http.host() + ":" + port : advertise;
    HostInfo own =
        address.matches("[^\\s:]+:\\d{1,5}") ? HostInfo.buildFromEndpoint(address) : null;
    if (own == null || own.port() > 65_535) {
      throw new ConfigurationException(
          "advertise=%s is no address; valid: host:port".formatted(address));
    }
    return own;
  }

  private static void requirePositive(String key, int value) {
    if (value < 1) {
      throw new ConfigurationException("%s=%d must be 1 or more".formatted(key, value));
    }
  }
}
