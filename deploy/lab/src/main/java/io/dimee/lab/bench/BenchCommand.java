package io.dimee.lab.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.dimee.client.events.EventFile;
import io.dimee.client.events.InputItem;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.InputOptions;
import io.dimee.console.Interrupt;
import io.dimee.console.ModelOptions;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.console.OutputFile;
import io.dimee.console.PolicyOption;
import io.dimee.console.Progress;
import io.dimee.console.Table;
import io.dimee.node.stages.LocalPipeline;
import io.dimee.node.stages.ModelSource;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures speed. */
@Command(
    name = "bench",
    description = {
      "Measures speed, as ratios from a single run.",
      "Compares this pipeline with Kafka Streams that takes one record at a time and with a consumer of padded"
          + " batches, both on the unmodified fp32 model, and with the same segments in a bare loop. All run on one"
          + " embedded broker, exactly once, and take turns."
    },
    footer = {
      "",
      "Example:",
      "  dimee bench --input glue/SST-2/dev.tsv --format tsv --events 2000 --json bench.json"
    })
@CommandGroup(CommandGroup.Heading.MODELS)
@OptionGroup(Heading.MEASUREMENT)
public final class BenchCommand implements Callable<Integer> {
  @Mixin private ModelOptions model;
  @Mixin private InputOptions input;
  @Mixin private PolicyOption policy;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Events per round; the input is repeated. Default: ${DEFAULT-VALUE}")
  private int events;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "20",
      description =
          "Seconds for which each contestant runs before it is measured. Default: ${DEFAULT-VALUE}")
  private double warmUp;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds in which the contestants take turns. Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description =
          "Seconds for which each load of the latency part lasts. Default: ${DEFAULT-VALUE}")
  private double seconds;

  @Option(
      names = "--endurance",
      paramLabel = "N",
      defaultValue = "20000",
      description =
          "Events that one process per tier answers while its memory is watched. Default: ${DEFAULT-VALUE}")
  private int endurance;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description =
          "Parts to measure: layers, operators, codecs, throughput, latency, scaling or processes, separated by"
              + " commas. Default: all")
  private List<Benchmarks.Part> only;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write all figures and a description of the machine to this file as JSON.")
  private Path jsonFile;

  @Mixin CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    require(events >= 1, "events", events);
    require(warmUp > 0, "warm-up", warmUp);
    require(rounds >= 1, "rounds", rounds);
    require(seconds > 0, "seconds", seconds);
    require(endurance >= 1, "endurance", endurance);
    ModelSource source = model.source();
    Benchmarks.Plan plan =
        new Benchmarks.Plan(
            only == null ? EnumSet.allOf(Benchmarks.Part.class) : EnumSet.copyOf(only),
            warmUp,
            rounds,
            seconds,
            endurance);
    try (Interrupt interrupt = Interrupt.install();
        OutputFile json = OutputFile.open("json", jsonFile)) {
      List<InputItem.Event> repeated = repeated(read());
      LocalPipeline.requireUsable(source);
      Benchmarks.Result result;
      try (ProgressBar bar = Progress.bar("bench", "events", -1, spec.commandLine().getErr())) {
        result =
            new Benchmarks(
                    source,
                    policy.policy(),
                    new SingleObjectFormats(),
                    repeated,
                    plan,
                    (stage, answered) -> {
                      if (interrupt.isRequested()) {
                        throw new CancellationException("interrupted, nothing was measured");
                      }
                      bar.setExtraMessage(" " + stage);
                      bar.stepTo(answered);
                    })
                .run();
      }
      print(result);
      if (json != null) {
        json.line(
            new ObjectMapper()
                .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .writeValueAsString(result));
      }
    }
    return ExitCode.DONE;
  }

  private static void require(boolean holds, String key, Object value) {
    if (!holds) {
      throw new ConfigurationException("%s=%s must be above 0".formatted(key, value));
    }
  }

  private List<InputItem.Event> read() throws IOException {
    List<InputItem.Event> read = new ArrayList<>();
    try (EventFile file = input.open()) {
      InputItem item = file.next();
      while (item != null && read.size() < events) {
        if (!(item instanceof InputItem.Event event)) {
          InputItem.BadLine bad = (InputItem.BadLine) item;
          throw new ConfigurationException("input: " + bad.message());
        }
        read.add(event);
        item = file.next();
      }
    }
    if (read.isEmpty()) {
      throw new ConfigurationException("input: it has no events");
    }
    return read;
  }

  private List<InputItem.Event> repeated(List<InputItem.Event> read) {
    List<InputItem.Event> repeated = new ArrayList<>(events);
    for (int i = 0; i < events; i++) {
      repeated.add(read.get(i % read.size()));
    }
    return repeated;
  }

  private void print(Benchmarks.Result result) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s, %s, %d cores, %s, ONNX Runtime %s%n",
        result.modelId(),
        result.machine().processor(),
        result.machine().cores(),
        result.machine().java(),
        result.machine().onnxruntime());
    if (!result.layers().isEmpty()) {
      out.println(
          new Table<LayerSpeed>()
              .text("all layers on full batches", LayerSpeed::name)
              .number("tokens", row -> Integer.toString(row.tokens()))
              .number("texts/s", row -> whole(row.perSecond().median()))
              .number("ratio", row -> spread(row.ratio()))
              .of(result.layers()));
    }
    if (!result.operators().isEmpty()) {
      out.println(
          new Table<OperatorSpeed>()
              .text("all layers, 32 texts of 32 tokens, by operator", OperatorSpeed::name)
              .text("", OperatorSpeed::operator)
              .number("CPU ms", row -> Table.decimal(row.millis()))
              .number("share", row -> Table.percent(row.share(), 1))
              .of(result.operators()));
    }
    if (!result.codecs().isEmpty()) {
      out.println(
          new Table<CodecSpeed>()
              .text("hidden states", CodecSpeed::name)
              .number("bytes per token", row -> whole(row.bytesPerToken()))
              .number("encode, us", row -> spread(row.encodeMicros()))
              .number("decode, us", row -> spread(row.decodeMicros()))
              .of(result.codecs()));
    }
    printThroughput("throughput", result.policy() + " is faster by", result.throughput());
    printProcessorUse("at full load", result.processorUse());
    if (!result.latency().isEmpty()) {
      out.println(
          new Table<Latency>()
              .text("latency, ms", Latency::name)
              .number("load", row -> Table.percent(row.load(), 0))
              .number("events/s", row -> whole(row.perSecond()))
              .number("p50", row -> whole(row.p50()))
              .number("p95", row -> whole(row.p95()))
              .number("p99", row -> whole(row.p99()))
              .of(result.latency()));
    }
    printProcessorUse("at half load", result.processorUseAtHalfLoad());
    printThroughput("scaling", "2 are faster by", result.scaling());
    printProcesses(result);
  }

  private void printProcessorUse(String load, List<ProcessorUse> rows) {
    if (!rows.isEmpty()) {
      spec.commandLine()
          .getOut()
          .println(
              new Table<ProcessorUse>()
                  .text("CPU time, ms per event", ProcessorUse::part)
                  .number(load, row -> spread(row.millisPerEvent()))
                  .of(rows));
    }
  }

  private void printThroughput(String title, String ratio, List<Throughput> rows) {
    if (!rows.isEmpty()) {
      spec.commandLine()
          .getOut()
          .println(
              new Table<Throughput>()
                  .text(title, Throughput::name)
                  .number("events/s", row -> whole(row.perSecond().median()))
                  .number(ratio, row -> spread(row.ratio()))
                  .number(
                      "accuracy",
                      row -> row.accuracy() == null ? "" : Table.percent(row.accuracy(), 2))
                  .of(rows));
    }
  }

  private void printProcesses(Benchmarks.Result result) {
    PrintWriter out = spec.commandLine().getOut();
    if (!result.startUps().isEmpty()) {
      out.println(
          new Table<StartUp>()
              .text("start-up", StartUp::command)
              .text("until", StartUp::until)
              .number("seconds", row -> Table.decimal(row.seconds()))
              .of(result.startUps()));
    }
    if (!result.endurance().isEmpty()) {
      Table<Endurance> table =
          new Table<Endurance>()
              .number("events answered", row -> Integer.toString(row.events()))
              .number("ms per event", row -> Table.decimal(row.millisPerEvent()));
      for (String tier : result.endurance().get(0).residentMebibytes().keySet()) {
        table.number(tier + ", MiB", row -> Long.toString(row.residentMebibytes().get(tier)));
      }
      out.println(table.of(result.endurance()));
    }
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static String spread(Spread spread) {
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", spread.median(), spread.least(), spread.most());
  }
}
