package io.dimee.lab.model;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.GlueTask;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.CascadeOutcome;
import io.dimee.console.ExitCode;
import io.dimee.console.Interrupt;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.training.Recipe;
import io.dimee.training.TrainingOptions;
import io.dimee.training.TrainingRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Runs the train command on the training libraries. */
final class Training {
  private static final String ALL = "all";
  private static final String NONE = "none";

  private final TrainCommand command;

  Training(TrainCommand command) {
    this.command = command;
  }

  int run() {
    try (Interrupt interrupt = Interrupt.install()) {
      TrainingBars bars = new TrainingBars(command.spec, interrupt);
      List<GlueTask> tasks = tasks();
      for (GlueTask task : tasks) {
        TrainingRun.Plan plan = plan(task, tasks.size() > 1);
        new TrainingRun(plan, stage -> bars.apply(task.folder() + ", " + stage))
            .run()
            .ifPresentOrElse(this::print, () -> err().println(plan.output() + " exists already"));
      }
      return ExitCode.DONE;
    } catch (DataException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  /** In an order in which every task comes after the one that it starts from. */
  private List<GlueTask> tasks() {
    boolean all = command.tasks.stream().anyMatch(ALL::equalsIgnoreCase);
    List<GlueTask> tasks =
        all ? GlueTask.benchmark() : command.tasks.stream().map(GlueTask::of).distinct().toList();
    return tasks.stream().sorted(Comparator.comparingInt(Training::ancestors)).toList();
  }

  private static int ancestors(GlueTask task) {
    return Recipe.of(task).start().map(start -> 1 + ancestors(start)).orElse(0);
  }

  private PrintWriter err() {
    return command.spec.commandLine().getErr();
  }

  private void print(TrainingRun.Report report) {
    PrintWriter out = command.spec.commandLine().getOut();
    out.printf("bundle %s in %s%n", report.bundle().modelId(), report.bundle().directory());
    List<Double> accuracies = report.accuracies();
    for (int depth = 1; depth <= accuracies.size(); depth++) {
      out.printf(
          Locale.ROOT, "dev accuracy, exit %2d: %.2f %%%n", depth, 100 * accuracies.get(depth - 1));
    }
    print(out, "predicted", report.calibration().predicted());
    out.printf(
        Locale.ROOT,
        "with confidence %s, the drop on new rows is at most %.2f points%n",
        command.target.confidence,
        report.calibration().dropBound());
    print(out, "dev", report.dev());
  }

  private static void print(PrintWriter out, String rows, CascadeOutcome outcome) {
    out.printf(
        Locale.ROOT,
        "%s, policy cascade: accuracy %.2f %%, %.2f points below the last exit, cost %.2f against %.2f in the cloud"
            + " alone (%.1f %% lower), answered by mobile %.0f %%, edge %.0f %%, cloud %.0f %%%n",
        rows,
        100 * outcome.accuracy(),
        outcome.dropPoints(),
        outcome.cost(),
        outcome.cloudOnlyCost(),
        100 * outcome.costReduction(),
        100 * outcome.shares().get(0),
        100 * outcome.shares().get(1),
        100 * outcome.shares().get(2));
  }

  private TrainingRun.Plan plan(GlueTask task, boolean oneOfSeveral) {
    Path output = command.output.toAbsolutePath().normalize();
    if (oneOfSeveral) {
      output = output.resolve(task.bundleName());
    }
    if (output.getFileName() == null) {
      throw new ConfigurationException(
          "output=%s has no name; valid: a directory below it".formatted(command.output));
    }
    Recipe recipe = recipe(task);
    return new TrainingRun.Plan(
        output.getFileName().toString(),
        recipe,
        command.data,
        command.work.resolve(task.bundleName()),
        output,
        start(recipe, output),
        command.resume,
        new Calibration.Target(command.target.maxDrop, command.target.confidence),
        TierDepths.PAPER,
        Prices.DEFAULT,
        Invocation.of(command.spec));
  }

  private Optional<Path> start(Recipe recipe, Path output) {
    if (command.start != null) {
      return command.start.equalsIgnoreCase(NONE)
          ? Optional.empty()
          : Optional.of(Path.of(command.start));
    }
    return recipe.start().map(task -> output.resolveSibling(task.bundleName()));
  }

  private Recipe recipe(GlueTask task) {
    Recipe recipe = Recipe.of(task);
    TrainingOptions d = recipe.options();
    TrainingOptions options =
        new TrainingOptions(
            Objects.requireNonNullElse(command.epochs, d.epochs()),
            Objects.requireNonNullElse(command.batchSize, d.batchSize()),
            d.exitWidth(),
            Objects.requireNonNullElse(command.learningRate, d.learningRate()),
            d.exitLearningRate(),
            d.weightDecay(),
            d.warmUp(),
            d.dropout(),
            d.clip(),
            Objects.requireNonNullElse(command.depthWeight, d.depthWeight()),
            Objects.requireNonNullElse(command.distillation, d.distillation()),
            Objects.requireNonNullElse(command.maxTokens, d.maxTokens()),
            Objects.requireNonNullElse(command.heldOut, d.heldOut()),
            Objects.requireNonNullElse(command.seed, d.seed()));
    return new Recipe(
        task,
        options,
        Objects.requireNonNullElse(command.seeds, recipe.seeds()),
        recipe.extra(),
        recipe.start(),
        Objects.requireNonNullElse(command.backbone, recipe.backbone()),
        Objects.requireNonNullElse(command.pooling, recipe.pooling()));
  }
}
