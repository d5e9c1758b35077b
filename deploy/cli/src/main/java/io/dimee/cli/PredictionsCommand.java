package io.dimee.cli;

import io.dimee.avro.Prediction;
import io.dimee.client.outcomes.OutcomeReader;
import io.dimee.client.outcomes.PredictionJson;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.Interrupt;
import io.dimee.console.KafkaOptions;
import io.dimee.serdes.EnumNames;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.routing.Latency;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows predictions. */
@Command(
    name = "predictions",
    description = "Shows the predictions in a Kafka cluster, oldest first.",
    footer = {
      "",
      "Examples:",
      "  dimee predictions --follow",
      "  dimee predictions --json --limit 100 > predictions.jsonl"
    })
@CommandGroup(CommandGroup.Heading.CLIENTS)
final class PredictionsCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int RECORDS_PER_POLL = 500;
  private static final String ROW = "%-24s %-16s %10s  %-6s  %-6s  %5s  %8s  %10s%n";

  @Mixin private KafkaOptions kafka;
  @Mixin CommonOptions common;

  @Option(
      names = "--follow",
      fallbackValue = "true",
      description = "Wait for more predictions until Ctrl-C.")
  private boolean follow;

  @Option(names = "--json", fallbackValue = "true", description = "Print one JSON object per line.")
  private boolean asJson;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Stop after N predictions. Default: all")
  private Long limit;

  @Spec private CommandSpec spec;

  private final PredictionJson json = new PredictionJson();

  @Override
  public Integer call() throws InterruptedException {
    if (limit != null) {
      ConfigurationException.requirePositive("limit", limit);
    }
    long most = limit == null ? Long.MAX_VALUE : limit;
    KafkaSettings settings = kafka.answering();
    Topics topics = kafka.topics();
    PrintWriter out = spec.commandLine().getOut();
    AtomicLong shown = new AtomicLong();
    try (Interrupt interrupt = Interrupt.install();
        RecordFormats formats = kafka.formats();
        OutcomeReader reader =
            new OutcomeReader(
                new KafkaConsumer<>(settings.watcher(RECORDS_PER_POLL)),
                new Wire(topics, formats),
                List.of(topics.predictions()))) {
      if (!asJson) {
        out.printf(
            ROW, "id", "label", "confidence", "tier", "pool", "layers", "cost", "latency ms");
      }
      // without the check, a reader that has gone away (head) would leave --follow running
      while (!interrupt.isRequested()
          && !out.checkError()
          && shown.get() < most
          && (follow || !reader.isAtEnd())) {
        reader.poll(
            POLL,
            prediction -> {
              if (shown.getAndIncrement() < most) {
                print(prediction, out);
              }
            },
            letter -> {});
      }
    }
    return ExitCode.DONE;
  }

  private void print(Prediction prediction, PrintWriter out) {
    if (asJson) {
      out.println(json.line(prediction));
      return;
    }
    out.printf(
        Locale.ROOT,
        ROW,
        prediction.getId(),
        prediction.getLabelName(),
        "%.3f".formatted(prediction.getConfidence()),
        EnumNames.lower(prediction.getTier()),
        EnumNames.lower(prediction.getPool()),
        prediction.getLayersRun(),
        "%.1f".formatted(prediction.getCost().getTotal()),
        Latency.millis(prediction));
  }
}
