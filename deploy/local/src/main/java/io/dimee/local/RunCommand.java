package io.dimee.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.avro.Prediction;
import io.dimee.avro.Tier;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.client.events.EventFile;
import io.dimee.client.outcomes.OutcomeReader;
import io.dimee.client.outcomes.PredictionJson;
import io.dimee.client.outcomes.Summary;
import io.dimee.client.outcomes.SummaryBuilder;
import io.dimee.client.send.EventSender;
import io.dimee.client.send.Sending;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.DeliveryOption;
import io.dimee.console.DriftOption;
import io.dimee.console.ExitCode;
import io.dimee.console.HttpOptions;
import io.dimee.console.InputOptions;
import io.dimee.console.Interrupt;
import io.dimee.console.LetterLines;
import io.dimee.console.ModelOptions;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.console.OutputFile;
import io.dimee.console.PaceOptions;
import io.dimee.console.PolicyOption;
import io.dimee.console.ProcessEnvironment;
import io.dimee.console.Progress;
import io.dimee.console.RegistryOptions;
import io.dimee.console.Watch;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.node.dashboard.Dashboard;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.node.stages.LocalPipeline;
import io.dimee.node.stages.ModelSource;
import io.dimee.node.tracing.Tracing;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The whole pipeline in one process, over one input. */
@Command(
    name = "run",
    description = {
      "Answers every event of a file: Kafka broker, router and all three tiers in one process.",
      "Ends when every event has an outcome; with --dashboard, it stays up until Ctrl-C."
    },
    footer = {
      "",
      "Examples:",
      "  dimee run",
      "  dimee run --dashboard",
      "  dimee run --input reviews.txt --format text --output predictions.jsonl",
      "  dimee run --input dev.tsv --format tsv --policy cascade --summary summary.json"
    })
@CommandGroup(CommandGroup.Heading.RUN)
final class RunCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int RECORDS_PER_POLL = 1_000;

  /** Where the other commands look for a broker. */
  private static final int BROKER_PORT = 9092;

  @Mixin private ModelOptions model;
  @Mixin private InputOptions input;
  @Mixin private PaceOptions pace;
  @Mixin private DeliveryOption delivery;

  @Mixin private PolicyOption policy;
  @Mixin private RegistryOptions registry;

  @Option(
      names = "--output",
      paramLabel = "FILE.jsonl",
      description = "Write predictions to this file, one JSON object per line.")
  private Path output;

  @OptionGroup(Heading.OUTPUT)
  @Option(
      names = "--summary",
      paramLabel = "FILE.json",
      description = "Write the summary to this file as JSON.")
  private Path summaryFile;

  @Option(
      names = "--dashboard",
      fallbackValue = "true",
      description =
          "Serve the dashboard, keep the ledger, and stay up until Ctrl-C; the broker is at 127.0.0.1:9092 unless"
              + " that port is taken.")
  private boolean dashboard;

  @Mixin private HttpOptions http;
  @Mixin private DriftOption drift;
  @Mixin CommonOptions common;
  @ParentCommand private ProcessEnvironment process;
  @Spec private CommandSpec spec;

  private final Topics topics = new Topics(Topics.DEFAULT_PREFIX);

  @Override
  public Integer call() throws Exception {
    Policy chosen = policy.policy();
    ModelSource source = model.source();
    pace.limit();
    pace.rate();
    drift.window();
    requireDistinctFiles();
    // Opened before anything starts: a path that cannot be written must not cost a run.
    try (Interrupt interrupt = Interrupt.install();
        Tracing tracing = Tracing.open(process.environment(), "dimee-run");
        EventFile file = input.open();
        OutputFile lines = OutputFile.open("output", output);
        OutputFile summaryOut = OutputFile.open("summary", summaryFile)) {
      LocalPipeline.requireUsable(source);
      // the topics are this run's own: whoever may name a registry for it may register there
      SummaryBuilder sums = new SummaryBuilder();
      AtomicLong sent = new AtomicLong();
      try (RecordFormats formats = registry.formats(Map.of(), true);
          ProcessMeters meters = new ProcessMeters("run");
          EmbeddedBroker broker =
              dashboard
                  ? EmbeddedBroker.temporaryPreferably(BROKER_PORT)
                  : EmbeddedBroker.temporary();
          LocalPipeline pipeline =
              LocalPipeline.start(
                  connection(broker, formats),
                  source,
                  delivery.delivery(),
                  chosen,
                  new Telemetry(meters.registry(), tracing.tracer()));
          Onlookers onlookers =
              dashboard
                  ? onlookers(
                      connection(broker, formats), source, meters, tracing.tracer(), pipeline)
                  : null) {
        double seconds =
            answer(
                file,
                lines,
                connection(broker, formats),
                tracing.tracer(),
                pipeline,
                interrupt,
                new Tally(sums, sent));
        report(sums.build(sent.get(), seconds), summaryOut, chosen, source);
        if (onlookers != null && !interrupt.isRequested()) {
          return stay(onlookers, pipeline, broker.bootstrapServers(), interrupt);
        }
      }
      if (interrupt.isRequested()) {
        spec.commandLine()
            .getErr()
            .printf(
                "dimee: interrupted with %d of %d events answered%n", sums.outcomes(), sent.get());
        return ExitCode.FAILED;
      }
      return ExitCode.DONE;
    }
  }

  private Connection connection(EmbeddedBroker broker, RecordFormats formats) {
    return new Connection(new KafkaSettings(broker.bootstrapServers(), Map.of()), topics, formats);
  }

  /** How many events were sent, and what became of them. */
  private record Tally(SummaryBuilder sums, AtomicLong sent) {}

  private Onlookers onlookers(
      Connection connection,
      ModelSource source,
      ProcessMeters meters,
      EventTracer tracer,
      LocalPipeline pipeline)
      throws InterruptedException {
    Map<String, BundleManifest> models =
        Map.of(source.bundle().modelId(), source.bundle().manifest());
    Onlookers onlookers =
        Onlookers.start(
            connection,
            new Dashboard.Settings(
                models,
                drift.window(),
                false,
                http.host(),
                http.port(Dashboard.PORT),
                http.names()),
            meters,
            tracer,
            pipeline::health);
    spec.commandLine().getOut().printf("dashboard at %s%n", onlookers.url());
    return onlookers;
  }

  private int stay(
      Onlookers onlookers, LocalPipeline pipeline, String bootstrapServers, Interrupt interrupt)
      throws InterruptedException {
    spec.commandLine()
        .getOut()
        .printf(
            "still here: dashboard at %s, broker at %s; Ctrl-C ends both%n",
            onlookers.url(), bootstrapServers);
    Runnable throwIfFailed =
        () -> {
          pipeline.throwIfFailed();
          onlookers.throwIfFailed();
        };
    // its broker is in this process, and fails with it
    new Watch(throwIfFailed, Optional::empty, spec.commandLine().getErr())
        .untilInterrupted(interrupt);
    return ExitCode.DONE;
  }

  private void requireDistinctFiles() {
    Map<String, Path> files = new HashMap<>();
    files.put("input", input.file());
    files.put("output", output);
    files.put("summary", summaryFile);
    OutputFile.requireDistinct(files);
  }

  /**
   * Sends the input and reads outcomes until every event has one; returns the seconds that took.
   */
  private double answer(
      EventFile file,
      OutputFile lines,
      Connection connection,
      EventTracer tracer,
      LocalPipeline pipeline,
      Interrupt interrupt,
      Tally tally)
      throws IOException {
    KafkaSettings settings = connection.settings();
    SummaryBuilder sums = tally.sums();
    AtomicLong sent = tally.sent();
    PredictionJson json = new PredictionJson();
    try (Producer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer(null));
        OutcomeReader reader =
            new OutcomeReader(
                new KafkaConsumer<>(settings.watcher(RECORDS_PER_POLL)),
                connection.wire(),
                List.of(topics.predictions(), topics.deadLetters()));
        ProgressBar bar = Progress.bar("answered", "events", -1, spec.commandLine().getErr())) {
      EventSender sender =
          new EventSender(producer, connection.wire(), PayloadHead.KEPT, tracer, Clock.systemUTC());
      LetterLines letters = new LetterLines(spec.commandLine().getErr());
      long begin = System.nanoTime();
      try (Sending sending =
          Sending.start(
              closed ->
                  sender.send(
                      file,
                      pace.limit(),
                      pace.rate(),
                      () -> closed.getAsBoolean() || interrupt.isRequested(),
                      sent::set))) {
        while (!interrupt.isRequested()) {
          boolean isSent = sending.isDone();
          pipeline.throwIfFailed();
          if (isSent && sums.outcomes() >= sending.count()) {
            break;
          }
          reader.poll(
              POLL,
              prediction -> {
                sums.add(prediction);
                write(lines, json, prediction);
              },
              letter -> {
                letters.show(letter);
                sums.add(letter);
              });
          if (lines != null) {
            lines.flush();
          }
          show(bar, sums, sent.get());
        }
        show(bar, sums, sent.get());
      }
      return (System.nanoTime() - begin) / NANOS_PER_SECOND;
    }
  }

  private static void write(OutputFile lines, PredictionJson json, Prediction prediction) {
    if (lines != null) {
      try {
        lines.line(json.line(prediction));
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
  }

  private static void show(ProgressBar bar, SummaryBuilder sums, long sent) {
    bar.maxHint(sent);
    bar.stepTo(sums.outcomes());
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            " mobile %.0f%% edge %.0f%% cloud %.0f%%",
            100 * sums.share(Tier.MOBILE),
            100 * sums.share(Tier.EDGE),
            100 * sums.share(Tier.CLOUD)));
  }

  private void report(Summary summary, OutputFile summaryOut, Policy chosen, ModelSource source)
      throws IOException {
    if (summaryOut != null) {
      summaryOut.line(new ObjectMapper().writeValueAsString(summary));
      summaryOut.flush();
    }
    spec.commandLine()
        .getOut()
        .println(SummaryTable.render(summary, chosen.id(), source.bundle().modelId()));
  }
}
