package io.dimee.lab.model;

import io.dimee.calibration.data.CheckReport;
import io.dimee.calibration.data.DataCheck;
import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.DataFiles;
import io.dimee.calibration.data.DataSet;
import io.dimee.calibration.data.GlueData;
import io.dimee.calibration.data.GlueTask;
import io.dimee.calibration.data.LabelledData;
import io.dimee.calibration.data.Reading;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.Interrupt;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.console.OutputFile;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.lab.data.DataFindings;
import io.dimee.lab.data.DataOptions;
import io.dimee.lab.data.LabTables;
import io.dimee.lab.data.RowsBar;
import io.dimee.tables.Split;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.training.GlueRecipe;
import io.dimee.training.Recipe;
import io.dimee.training.TrainingOptions;
import io.dimee.training.TrainingRun;
import io.dimee.training.Tune;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a bundle. */
@Command(
    name = "train",
    description = {
      "Trains a bundle on labelled texts.",
      "Fine-tunes the multi-exit encoder, calibrates it on held-out training rows, measures it on others, and writes"
          + " the bundle. --data is a file (CSV, TSV, JSON lines, JSON, Parquet, fastText) or a directory with train.*"
          + " and perhaps dev.* and test.*; --check looks at it without training. With --task, it is a data set of GLUE.",
      "Takes about half an hour per epoch of 67,000 short texts on two cores. Ctrl-C is safe: --resume continues from"
          + " the last checkpoint.",
      "Epochs, held-out rows and rates follow from the numbers of rows and classes, for GLUE from a recipe for each"
          + " data set; options override them."
    },
    footer = {
      "",
      "Examples:",
      "  dimee train --data tickets.csv --check",
      "  dimee train --data tickets.csv --text-column subject,body --label-column queue --output tickets",
      "  dimee train --data glue --task SST-2 --output models/bundles/sst2"
    })
@CommandGroup(CommandGroup.Heading.MODELS)
public final class TrainCommand implements Callable<Integer> {
  private static final String ALL = "all";
  private static final String FIRST_TASK = "SST-2";
  private static final int LEAST_PER_CLASS = 3;

  @Option(
      names = "--data",
      paramLabel = "FILE|DIR",
      required = true,
      description =
          "File with labelled texts, or directory with train.*; with --task, directory with one folder per data set."
              + " Required.")
  Path data;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      split = ",",
      description =
          "Data sets of GLUE: SST-2, MRPC, RTE, CoLA, QNLI, QQP or MNLI, separated by commas, or all. Default: SST-2"
              + " if --data holds its folder")
  List<String> tasks;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Directory of the bundle; its last part is the bundle's name. With several data sets, the parent"
              + " directory of the bundles. Required, except with --check.")
  Path output;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "Directory for checkpoints, with a folder for each data set and seed. Default: beside --output, with"
              + " -work behind its name")
  Path work;

  @Option(
      names = "--resume",
      fallbackValue = "true",
      description = "Continue from the checkpoints in --work, and skip bundles that exist.")
  boolean resume;

  @Option(
      names = "--check",
      fallbackValue = "true",
      description = "Check the data and print what was found, without training.")
  boolean check;

  @OptionGroup(Heading.DATA)
  @Option(
      names = "--min-per-class",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "Training rows that every class must have, 3 or more. Default: ${DEFAULT-VALUE}")
  int minPerClass;

  @OptionGroup(Heading.OUTPUT)
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "With --check, write what was found to this file as JSON.")
  Path json;

  @Mixin DataOptions own;
  @Mixin RecipeOptions recipe;
  @Mixin TargetOptions target;
  @Mixin WordsOption words;
  @Mixin AbstainOptions abstain;
  @Mixin CommonOptions common;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (Interrupt interrupt = Interrupt.install()) {
      TrainingBars bars = new TrainingBars(spec, interrupt);
      if (!isGlue()) {
        return ofOwnData(bars, interrupt);
      }
      requireOutput();
      List<GlueTask> inOrder = inOrder();
      for (GlueTask task : inOrder) {
        train(plan(task, inOrder.size() > 1), bars);
      }
      return ExitCode.DONE;
    } catch (DataException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  private boolean isGlue() {
    return tasks != null || Files.isDirectory(data.resolve(FIRST_TASK));
  }

  private void requireOutput() {
    if (check) {
      throw new ConfigurationException("--check is for data of your own; GLUE needs none");
    }
    if (output == null) {
      throw new ConfigurationException(
          "--output is missing; valid: the directory of the bundle, or --check");
    }
  }

  private int ofOwnData(TrainingBars bars, Interrupt interrupt) throws IOException {
    if (minPerClass < LEAST_PER_CLASS) {
      throw new ConfigurationException(
          "min-per-class=%d is too few; valid: %d or more".formatted(minPerClass, LEAST_PER_CLASS));
    }
    target.requireValid();
    recipe.classWeights();
    recipe.timeLimit();
    recipe.earlyStopping();
    words.use(isGlue());
    abstain.rule();
    if (!check) {
      requireOutput();
    }
    DataFiles files = own.files(data);
    Reading reading = own.reading();
    CheckReport report = checked(files, reading, interrupt);
    PrintWriter out = spec.commandLine().getOut();
    DataFindings findings = new DataFindings(report);
    if (check) {
      findings.print(out);
      try (OutputFile file = OutputFile.open("json", json)) {
        if (file != null) {
          file.line(findings.json().toString());
        }
      }
      return report.hasErrors() ? ExitCode.WRONG_USE : ExitCode.DONE;
    }
    abstain.rule().requireFor(report.labels());
    findings.print(spec.commandLine().getErr());
    LabelledData dataSet = LabelledData.of(name(data), files, reading, LabTables::open, report);
    long rows = report.splits().get(Split.TRAIN).usable();
    Path folder = folder(output);
    Recipe changed = recipe.ofOwnData(rows, report.labels().size(), report.isPair());
    TrainingOptions options = changed.options();
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "recipe: tune %s, %d epochs in steps of %d rows, learning rate %s, %d rows held out, %d tokens at most%n",
            changed.tune(),
            options.epochs(),
            options.batchSize(),
            changed.tune() == Tune.exits ? options.exitLearningRate() : options.learningRate(),
            options.heldOut(),
            options.maxTokens());
    train(
            plan(folder, changed, dataSet, recipe.start(Optional.empty(), folder), workOf(folder)),
            bars)
        .ifPresent(
            made -> {
              new BundleDescription(
                      made.bundle(),
                      made.measured(),
                      made.withoutWords(),
                      Optional.of(made.baseline()))
                  .write(findings.json());
              new WorkFiles(workOf(folder), made).write();
              spec.commandLine()
                  .getErr()
                  .printf(
                      "%d of %d labels to look at: %s%n",
                      made.issues().size(),
                      made.data().train().size(),
                      workOf(folder).resolve(WorkFiles.ISSUES));
            });
    return ExitCode.DONE;
  }

  private CheckReport checked(DataFiles files, Reading reading, Interrupt interrupt) {
    Recipe defaults = recipe.ofOwnData(1, 2, false);
    try (TextTokenizer tokenizer =
            TextTokenizer.load(defaults.backbone(), defaults.options().maxTokens());
        RowsBar bar = new RowsBar("check", spec.commandLine().getErr(), interrupt)) {
      return new DataCheck(reading, LabTables::open, minPerClass, bar::row).check(files, tokenizer);
    }
  }

  private static String name(Path data) {
    String file = data.toAbsolutePath().normalize().getFileName().toString();
    int dot = file.indexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  private Optional<TrainingRun.Report> train(TrainingRun.Plan plan, TrainingBars bars) {
    PrintWriter out = spec.commandLine().getOut();
    Optional<TrainingRun.Report> made =
        new TrainingRun(
                plan, stage -> bars.apply(plan.data().name() + ", " + stage), this::estimate)
            .run();
    made.ifPresentOrElse(
        report -> {
          TrainingReport.print(report, plan.target(), out);
          CalibrationReport.printAbstention(plan.abstain(), report.calibration(), out);
          if (!isGlue()) {
            TrainingReport.printByClass(report, out);
          }
        },
        () -> spec.commandLine().getErr().println(plan.output() + " exists already"));
    return made;
  }

  private void estimate(Duration time) {
    Optional<Duration> limit = recipe.timeLimit().filter(most -> most.compareTo(time) < 0);
    spec.commandLine()
        .getErr()
        .printf(
            "estimate: training takes about %s%s%n",
            about(time),
            limit.map(most -> ", cut to the " + about(most) + " of --time-limit").orElse(""));
  }

  private static String about(Duration time) {
    return time.toMinutes() < 2
        ? Math.max(1, time.toSeconds()) + " seconds"
        : Math.round(time.toSeconds() / 60.0) + " minutes";
  }

  /** In an order in which every task comes after the one that it starts from. */
  private List<GlueTask> inOrder() {
    List<String> names = tasks == null ? List.of(FIRST_TASK) : tasks;
    boolean all = names.stream().anyMatch(ALL::equalsIgnoreCase);
    List<GlueTask> named =
        all ? GlueTask.benchmark() : names.stream().map(GlueTask::of).distinct().toList();
    return named.stream().sorted(Comparator.comparingInt(TrainCommand::ancestors)).toList();
  }

  private static int ancestors(GlueTask task) {
    return GlueRecipe.of(task).start().map(start -> 1 + ancestors(start)).orElse(0);
  }

  private TrainingRun.Plan plan(GlueTask task, boolean oneOfSeveral) {
    Path folder = folder(oneOfSeveral ? output.resolve(task.bundleName()) : output);
    GlueRecipe glue = GlueRecipe.of(task);
    Path checkpoints = work == null ? workOf(folder) : work.resolve(task.bundleName());
    return plan(
        folder,
        recipe.changed(glue.recipe()),
        new GlueData(data, task, glue.extra()),
        recipe.start(glue.start(), folder),
        checkpoints);
  }

  private Path folder(Path wanted) {
    Path folder = wanted.toAbsolutePath().normalize();
    if (folder.getFileName() == null) {
      throw new ConfigurationException(
          "output=%s has no name; valid: a directory below it".formatted(output));
    }
    return folder;
  }

  private Path workOf(Path folder) {
    return work == null ? folder.resolveSibling(folder.getFileName() + "-work") : work;
  }

  private TrainingRun.Plan plan(
      Path folder, Recipe changed, DataSet dataSet, Optional<Path> start, Path checkpoints) {
    return new TrainingRun.Plan(
        folder.getFileName().toString(),
        changed,
        dataSet,
        checkpoints,
        folder,
        start,
        resume,
        recipe.timeLimit(),
        recipe.earlyStopping(),
        recipe.classWeights(),
        target.target(dataSet.labels(), isGlue()),
        words.use(isGlue()),
        abstain.rule(),
        TierDepths.PAPER,
        Prices.DEFAULT,
        HiddenBytes::perToken,
        Invocation.of(spec));
  }
}
