package io.dimee.lab.model;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.data.GlueData;
import io.dimee.calibration.data.GlueTask;
import io.dimee.calibration.data.LabelledData;
import io.dimee.calibration.data.LabelledTexts;
import io.dimee.calibration.data.Reading;
import io.dimee.calibration.evaluation.BundleMeasurement;
import io.dimee.calibration.evaluation.PriceSweep;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.ExitSurvey;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.console.Bundles;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.Interrupt;
import io.dimee.console.KafkaOptions;
import io.dimee.console.MachineOptions;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.console.OutputFile;
import io.dimee.console.PricesOption;
import io.dimee.console.Progress;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.words.WordsExit;
import io.dimee.lab.data.DataOptions;
import io.dimee.lab.data.LabTables;
import io.dimee.lab.whatif.PastPredictions;
import io.dimee.lab.whatif.Thresholds;
import io.dimee.lab.whatif.WhatIfRun;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Measures bundles and policies, and recomputes what past predictions would have cost. */
@Command(
    name = "evaluate",
    description = {
      "Measures the accuracy and cost of bundles under all policies, and writes a report.",
      "Runs every exit over held-out rows and dev, computes all policies from the outputs, prints the tables, and"
          + " writes a report: one HTML page, the tables as CSV, everything as JSON. If interrupted, it continues where"
          + " it stopped: the outputs are cached.",
      "With --bundle, --data is a file with labelled texts, or a directory with test.* or dev.*: it measures what the"
          + " bundle does there, class by class, with its own thresholds. Columns are found as train found them."
          + " With --report too, --data is what the bundle was trained on.",
      "With --replay or --bootstrap-servers instead of --data, it computes what past predictions would have cost"
          + " under other prices and thresholds, from their recorded hops."
    },
    footer = {
      "",
      "Examples:",
      "  dimee evaluate --data tickets-test.csv --bundle tickets",
      "  dimee evaluate --data glue --report report",
      "  dimee evaluate --data glue --task SST-2 --full --report report",
      "  dimee evaluate --replay predictions.jsonl --prices dear-mobile.json"
    })
@CommandGroup(CommandGroup.Heading.MODELS)
public final class EvaluateCommand implements Callable<Integer> {
  private static final int ROWS_UNLESS_FULL = 2_000;
  private static final List<String> SOURCES = List.of("--data", "--replay", "--bootstrap-servers");

  @Option(
      names = "--data",
      paramLabel = "FILE|DIR",
      description =
          "Labelled texts for the bundle, or a directory with the data that the bundles were trained on, one folder per"
              + " data set.")
  Path data;

  @Option(
      names = "--bundle",
      paramLabel = "NAME|DIR",
      description = "Bundle to measure on labelled texts.")
  String bundle;

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

  @OptionGroup(Heading.OUTPUT)
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Write the figures of --bundle, or the recomputed figures, to this file as JSON.")
  Path json;

  @Mixin DataOptions own;
  @Mixin WhatIfOptions whatIf;
  @Mixin KafkaOptions kafka;
  @Mixin PricesOption prices;
  @Mixin MachineOptions machine;
  @Mixin CommonOptions common;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    onlyOneSource();
    if (data == null) {
      whatIf();
      return ExitCode.DONE;
    }
    if (whatIf.thresholds != null) {
      throw new ConfigurationException(
          "--thresholds needs --replay or --bootstrap-servers; --report writes the figures of an evaluation");
    }
    if (bundle != null && report == null) {
      measure();
      return ExitCode.DONE;
    }
    if (json != null) {
      throw new ConfigurationException(
          "--json needs --bundle without --report, --replay or --bootstrap-servers; --report writes the figures of an"
              + " evaluation");
    }
    evaluate();
    return ExitCode.DONE;
  }

  /** What the command line names wins over what environment or configuration file name. */
  private void onlyOneSource() {
    ParseResult line = spec.commandLine().getParseResult();
    boolean named = SOURCES.stream().anyMatch(line::hasMatchedOption);
    if (named && !line.hasMatchedOption("--data")) {
      data = null;
    }
    if (named && !line.hasMatchedOption("--replay")) {
      whatIf.predictions = null;
    }
    boolean topic = line.hasMatchedOption("--bootstrap-servers");
    if ((data == null ? 0 : 1) + (whatIf.predictions == null ? 0 : 1) + (topic ? 1 : 0) != 1) {
      throw new ConfigurationException("give exactly one of " + String.join(", ", SOURCES));
    }
  }

  private void evaluate() throws IOException {
    try (Interrupt interrupt = Interrupt.install()) {
      if (report != null && Files.exists(report) && !Files.isDirectory(report)) {
        throw new ConfigurationException(
            "report=%s is a file; valid: a directory, created if missing".formatted(report));
      }
      TrainingBars bars = new TrainingBars(spec, interrupt);
      List<BundleEvaluation.Subject> subjects = bundle == null ? subjects() : List.of(subject());
      Prices inForce = prices.or(subjects.get(0).bundle().manifest().prices());
      BundleEvaluation.Result result =
          new BundleEvaluation(machine.cache(), machine.threads(), bars)
              .run(
                  new BundleEvaluation.Request(
                      subjects, inForce, full ? Integer.MAX_VALUE : ROWS_UNLESS_FULL));
      PrintWriter out = spec.commandLine().getOut();
      out.println(PolicyTable.of(result.evaluations()));
      if (report != null) {
        List<PriceSweep> sweeps =
            PriceSweep.all(result.evaluators(), inForce, bars.apply("price sweeps"));
        Path page =
            new ReportWriter(report)
                .write(
                    new ReportWriter.Content(
                        Invocation.of(spec),
                        inForce,
                        result.evaluations(),
                        sweeps,
                        result.codecs()));
        out.println("report in " + page);
      }
    } catch (DataException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  private void measure() throws IOException {
    try (Interrupt interrupt = Interrupt.install();
        OutputFile file = OutputFile.open("json", json)) {
      Bundle opened = Bundle.open(Bundles.find(bundle));
      LabelledRows rows = LabelledRows.of(opened.manifest(), data, own);
      Map<Boolean, List<Example>> examples =
          rows.read().stream().collect(Collectors.partitioningBy(row -> row.label() >= 0));
      if (examples.get(true).isEmpty()) {
        throw new ConfigurationException(
            "data=%s has rows of no class alone; valid: rows with labels".formatted(data));
      }
      TrainingBars bars = new TrainingBars(spec, interrupt);
      ExitOutputs outputs = outputs(opened, examples.get(true), bars.apply(rows.name()));
      Optional<ExitOutputs> outOfScope =
          examples.get(false).isEmpty()
              ? Optional.empty()
              : Optional.of(
                  outputs(opened, examples.get(false), bars.apply(rows.name() + ", out of scope")));
      MeasurementReport measured =
          new MeasurementReport(
              opened.modelId(),
              BundleMeasurement.of(
                  opened.manifest(),
                  outputs,
                  outOfScope,
                  prices.or(opened.manifest().prices()),
                  HiddenBytes.perToken(opened.manifest().encoder().hidden())));
      measured.print(spec.commandLine().getOut());
      if (file != null) {
        file.line(measured.json().toString());
      }
    } catch (DataException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  private ExitOutputs outputs(Bundle opened, List<Example> rows, TrainingProgress progress) {
    ExitOutputs ofEncoder =
        new ExitSurvey(opened, machine.cache(), machine.threads()).of(rows, progress);
    return opened.manifest().wordsExit().isPresent()
        ? ofEncoder.withWords(WordsExit.model(opened), rows).stacked(opened.manifest().exits())
        : ofEncoder;
  }

  private Path bundlesFolder() {
    return bundles == null ? Bundles.folder() : bundles;
  }

  /**
   * A bundle of a user's own data, with the rows that it was trained, calibrated and measured on.
   */
  private BundleEvaluation.Subject subject() {
    Bundle opened = Bundle.open(Bundles.find(bundle));
    Reading reading =
        LabelledTexts.readingOf(opened.manifest())
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "bundle=%s was trained on GLUE; valid with --report: --task"
                            .formatted(bundle)));
    return new BundleEvaluation.Subject(
        opened,
        LabelledData.of(
            opened.manifest(),
            own.files(data),
            own.sayHowToRead() ? own.reading() : reading,
            LabTables::open));
  }

  /** Bundles that are named after data sets of GLUE. */
  private List<BundleEvaluation.Subject> subjects() {
    boolean all = tasks.stream().anyMatch("all"::equalsIgnoreCase);
    List<BundleEvaluation.Subject> subjects = new ArrayList<>();
    for (GlueTask task :
        all ? GlueTask.benchmark() : tasks.stream().map(GlueTask::of).distinct().toList()) {
      Path bundle = bundlesFolder().resolve(task.bundleName());
      if (!all || Files.exists(bundle.resolve(Bundle.MANIFEST))) {
        subjects.add(new BundleEvaluation.Subject(Bundle.open(bundle), new GlueData(data, task)));
      }
    }
    if (subjects.isEmpty()) {
      throw new ConfigurationException(
          "bundles=%s holds no bundle of a known data set; valid: a directory with sst2, mrpc, ..."
              .formatted(bundlesFolder()));
    }
    return subjects;
  }

  private void whatIf() throws IOException, InterruptedException {
    PastPredictions past =
        whatIf.predictions == null
            ? PastPredictions.of(kafka)
            : PastPredictions.of(whatIf.predictions);
    WhatIfRun run =
        new WhatIfRun(
            new WhatIfRun.Request(
                bundlesFolder(),
                prices::or,
                Optional.ofNullable(whatIf.thresholds).map(Thresholds::read)));
    try (OutputFile file = OutputFile.open("json", json)) {
      try (ProgressBar bar =
          Progress.bar("replayed", "predictions", -1, spec.commandLine().getErr())) {
        past.read(
            (line, where) -> {
              run.add(line, where);
              bar.step();
            });
      }
      WhatIfReport.print(run.result(), spec.commandLine().getOut());
      if (file != null) {
        file.line(WhatIfReport.json(run.result()));
      }
    }
  }
}
