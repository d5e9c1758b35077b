package io.dimee.lab.model;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.GlueData;
import io.dimee.calibration.data.GlueTask;
import io.dimee.calibration.fit.Calibration;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.Interrupt;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.training.Recipe;
import io.dimee.training.TrainingRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
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
      "Trains a bundle on a GLUE data set.",
      "Fine-tunes the multi-exit encoder, calibrates it on held-out rows of train, measures it on dev, and writes"
          + " the bundle.",
      "Takes about half an hour per epoch of SST-2 on two cores. Ctrl-C is safe: --resume continues from the last"
          + " checkpoint.",
      "Epochs, held-out rows, seeds, extra rows and start follow a recipe for each data set; options override it."
    },
    footer = {
      "",
      "Example:",
      "  dimee train --data glue --task SST-2 --output models/bundles/sst2 --work /tmp/dimee-work",
      "  dimee train --data glue --task all --output models/bundles --work /tmp/dimee-work --resume"
    })
@CommandGroup(CommandGroup.Heading.MODELS)
public final class TrainCommand implements Callable<Integer> {
  private static final String ALL = "all";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description =
          "Directory with one folder per data set (SST-2, ...), each with train.tsv and dev.tsv."
              + " Required.")
  Path data;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "SST-2",
      description =
          "Data sets: SST-2, MRPC, RTE, CoLA, QNLI, QQP or MNLI, separated by commas, or all. Default:"
              + " ${DEFAULT-VALUE}")
  List<String> tasks;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description =
          "Directory of the bundle; its last part is the bundle's name. With several data sets, the parent"
              + " directory of the bundles. Required.")
  Path output;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      required = true,
      description =
          "Directory for checkpoints, with a folder for each data set and seed. Required.")
  Path work;

  @Option(
      names = "--resume",
      fallbackValue = "true",
      description = "Continue from the checkpoints in --work, and skip bundles that exist.")
  boolean resume;

  @Mixin RecipeOptions recipe;
  @Mixin TargetOptions target;
  @Mixin CommonOptions common;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    try (Interrupt interrupt = Interrupt.install()) {
      TrainingBars bars = new TrainingBars(spec, interrupt);
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      Calibration.Target goal = target.target();
      List<GlueTask> inOrder = inOrder();
      for (GlueTask task : inOrder) {
        TrainingRun.Plan plan = plan(task, inOrder.size() > 1, goal);
        new TrainingRun(plan, stage -> bars.apply(plan.data().name() + ", " + stage))
            .run()
            .ifPresentOrElse(
                report -> TrainingReport.print(report, goal, out),
                () -> err.println(plan.output() + " exists already"));
      }
      return ExitCode.DONE;
    } catch (DataException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  /** In an order in which every task comes after the one that it starts from. */
  private List<GlueTask> inOrder() {
    boolean all = tasks.stream().anyMatch(ALL::equalsIgnoreCase);
    List<GlueTask> named =
        all ? GlueTask.benchmark() : tasks.stream().map(GlueTask::of).distinct().toList();
    return named.stream().sorted(Comparator.comparingInt(TrainCommand::ancestors)).toList();
  }

  private static int ancestors(GlueTask task) {
    return Recipe.of(task).start().map(start -> 1 + ancestors(start)).orElse(0);
  }

  private TrainingRun.Plan plan(GlueTask task, boolean oneOfSeveral, Calibration.Target goal) {
    Path folder = output.toAbsolutePath().normalize();
    if (oneOfSeveral) {
      folder = folder.resolve(task.bundleName());
    }
    if (folder.getFileName() == null) {
      throw new ConfigurationException(
          "output=%s has no name; valid: a directory below it".formatted(output));
    }
    Recipe own = recipe.changed(Recipe.of(task));
    return new TrainingRun.Plan(
        folder.getFileName().toString(),
        own,
        new GlueData(data, task, own.extra()),
        work.resolve(task.bundleName()),
        folder,
        recipe.start(own, folder),
        resume,
        goal,
        TierDepths.PAPER,
        Prices.DEFAULT,
        HiddenBytes.PER_TOKEN,
        Invocation.of(spec));
  }
}
