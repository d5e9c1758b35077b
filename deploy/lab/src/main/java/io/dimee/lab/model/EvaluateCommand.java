package io.dimee.lab.model;

import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.KafkaOptions;
import io.dimee.console.MachineOptions;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.console.PricesOption;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * Measures bundles and policies. As with train, no signature here may name a type of the training
 * libraries.
 */
@Command(
    name = "evaluate",
    description = {
      "Measures the accuracy and cost of bundles under all policies, and writes a report.",
      "Runs every exit over held-out rows and dev, computes all policies from the outputs, prints the tables, and"
          + " writes a report: one HTML page, the tables as CSV, everything as JSON. If interrupted, it continues where"
          + " it stopped: the outputs are cached.",
      "With --replay or --bootstrap-servers instead of --data, it computes what past predictions would have cost"
          + " under other prices and thresholds, from their recorded hops."
    },
    footer = {
      "",
      "Examples:",
      "  dimee evaluate --data glue --report report",
      "  dimee evaluate --data glue --task SST-2 --full --report report",
      "  dimee evaluate --replay predictions.jsonl --prices dear-mobile.json"
    })
@CommandGroup(CommandGroup.Heading.MODELS)
public final class EvaluateCommand implements Callable<Integer> {
  private static final List<String> SOURCES = List.of("--data", "--replay", "--bootstrap-servers");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Directory with the data that the bundles were trained on, one folder per data set.")
  Path data;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "all",
      description =
          "Data sets, separated by commas, or all that have a bundle. Default: ${DEFAULT-VALUE}")
  List<String> tasks;

  @Option(
      names = "--bundles",
      paramLabel = "DIR",
      description = "Directory with one bundle per data set. Default: this project's")
  Path bundles;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Directory to write index.html, report.json and the tables to; created if missing.")
  Path report;

  @Option(
      names = "--full",
      fallbackValue = "true",
      description = "Use all rows of dev. Default: the first 2,000 of each data set")
  boolean full;

  @OptionGroup(Heading.WHAT_IF)
  @Option(
      names = "--replay",
      paramLabel = "FILE.jsonl|-",
      description =
          "Predictions, one JSON object per line, as run --output and predictions --json write them.")
  Path replay;

  @OptionGroup(Heading.WHAT_IF)
  @Option(
      names = "--thresholds",
      paramLabel = "FILE",
      description =
          "JSON file with other thresholds, {\"3\": 0.95, \"6\": [0.8, 0.7]}. Default: every answer stays at its"
              + " exit")
  Path thresholds;

  @OptionGroup(Heading.WHAT_IF)
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures of --replay or --bootstrap-servers to this file as JSON.")
  Path json;

  @Mixin KafkaOptions kafka;
  @Mixin PricesOption prices;
  @Mixin MachineOptions machine;
  @Mixin CommonOptions common;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    onlyOneSource();
    if (data == null) {
      return new Replaying(this).run();
    }
    if (thresholds != null || json != null) {
      throw new ConfigurationException(
          "--thresholds and --json need --replay or --bootstrap-servers; --report writes the figures of an"
              + " evaluation");
    }
    return new Evaluating(this).run();
  }

  /** What the command line names wins over what environment or configuration file name. */
  private void onlyOneSource() {
    ParseResult line = spec.commandLine().getParseResult();
    boolean named = SOURCES.stream().anyMatch(line::hasMatchedOption);
    if (named && !line.hasMatchedOption("--data")) {
      data = null;
    }
    if (named && !line.hasMatchedOption("--replay")) {
      replay = null;
    }
    boolean topic = line.hasMatchedOption("--bootstrap-servers");
    if ((data == null ? 0 : 1) + (replay == null ? 0 : 1) + (topic ? 1 : 0) != 1) {
      throw new ConfigurationException("give exactly one of " + String.join(", ", SOURCES));
    }
  }
}
