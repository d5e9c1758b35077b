package io.dimee.lab.model;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.GlueTask;
import io.dimee.calibration.evaluation.PriceSweep;
import io.dimee.calibration.evaluation.TaskEvaluation;
import io.dimee.calibration.evaluation.TaskEvaluator;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.Recalibration;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.console.Bundles;
import io.dimee.console.ExitCode;
import io.dimee.console.Interrupt;
import io.dimee.console.Table;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Prices;
import io.dimee.serdes.HiddenCodec;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Runs the evaluate command on the training libraries. */
final class Evaluating {
  private static final int ROWS_UNLESS_FULL = 2_000;
  private static final int ROWS_FOR_CODECS = 500;
  private static final HiddenCodec CODEC = HiddenCodec.FP16;

  private final EvaluateCommand command;

  Evaluating(EvaluateCommand command) {
    this.command = command;
  }

  int run() throws IOException {
    try (Interrupt interrupt = Interrupt.install()) {
      Function<String, TrainingProgress> bars = new TrainingBars(command.spec, interrupt);
      if (command.report != null
          && Files.exists(command.report)
          && !Files.isDirectory(command.report)) {
        throw new ConfigurationException(
            "report=%s is a file; valid: a directory, created if missing"
                .formatted(command.report));
      }
      Map<GlueTask, Bundle> bundles = bundles();
      Prices prices = command.prices.or(bundles.values().iterator().next().manifest().prices());
      List<TaskEvaluation> evaluations = new ArrayList<>();
      Map<TaskEvaluator, Calibration.Target> evaluators = new LinkedHashMap<>();
      List<CodecTable.Row> codecs = List.of();
      for (Map.Entry<GlueTask, Bundle> entry : bundles.entrySet()) {
        Bundle bundle = entry.getValue();
        Recalibration data =
            new Recalibration(
                bundle, command.data, command.machine.cache(), command.machine.threads(), bars);
        ExitOutputs heldOut = data.heldOut();
        ExitOutputs dev = data.dev(command.full ? Integer.MAX_VALUE : ROWS_UNLESS_FULL);
        TaskEvaluator evaluator =
            new TaskEvaluator(
                bundle.manifest(),
                heldOut,
                dev,
                CODEC.encodedSize(1, bundle.manifest().encoder().hidden()));
        Calibration.Target target = TaskEvaluator.target(bundle.manifest());
        evaluations.add(
            evaluator.evaluate(bundle.modelId(), prices, target, data.devExamples().size()));
        evaluators.put(evaluator, target);
        if (codecs.isEmpty()) {
          codecs =
              new CodecTable(bundle, command.machine.cache(), command.machine.threads())
                  .measure(
                      data.devExamples()
                          .subList(0, Math.min(ROWS_FOR_CODECS, data.devExamples().size())),
                      bars.apply(entry.getKey().folder() + ", hidden-state codecs"));
        }
      }
      print(evaluations);
      if (command.report != null) {
        List<PriceSweep> sweeps = PriceSweep.all(evaluators, prices, bars.apply("price sweeps"));
        Path page =
            new ReportWriter(command.report)
                .write(
                    new ReportWriter.Content(
                        Invocation.of(command.spec), prices, evaluations, sweeps, codecs));
        command.spec.commandLine().getOut().println("report in " + page);
      }
      return ExitCode.DONE;
    } catch (DataException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  private Map<GlueTask, Bundle> bundles() {
    Path folder = command.bundles == null ? Bundles.folder() : command.bundles;
    boolean all = command.tasks.stream().anyMatch("all"::equalsIgnoreCase);
    Map<GlueTask, Bundle> bundles = new LinkedHashMap<>();
    for (GlueTask task :
        all ? GlueTask.benchmark() : command.tasks.stream().map(GlueTask::of).toList()) {
      Path bundle = folder.resolve(task.bundleName());
      if (!all || Files.exists(bundle.resolve(Bundle.MANIFEST))) {
        bundles.put(task, Bundle.open(bundle));
      }
    }
    if (bundles.isEmpty()) {
      throw new ConfigurationException(
          "bundles=%s holds no bundle of a known data set; valid: a directory with sst2, mrpc, ..."
              .formatted(folder));
    }
    return bundles;
  }

  private record Line(String task, TaskEvaluation.PolicyRow row) {}

  private void print(List<TaskEvaluation> evaluations) {
    List<Line> lines = new ArrayList<>();
    evaluations.forEach(e -> e.policies().forEach(row -> lines.add(new Line(e.task(), row))));
    Table<Line> table =
        new Table<Line>()
            .text("task", Line::task)
            .text("policy", line -> line.row().policy())
            .number("accuracy", line -> Table.percent(line.row().accuracy(), 2))
            .number("drop", line -> Table.decimal(line.row().dropPoints()))
            .number(
                "predicted, at most",
                line ->
                    Table.decimal(line.row().predictedDropPoints())
                        + ", "
                        + Table.decimal(line.row().predictedDropBound()))
            .number("cost", line -> Table.decimal(line.row().cost()))
            .number("lower by", line -> Table.percent(line.row().costReduction(), 2))
            .number(
                "mobile/edge/cloud",
                line ->
                    String.format(
                        Locale.ROOT,
                        "%.0f/%.0f/%.0f",
                        100 * line.row().answered().get(0),
                        100 * line.row().answered().get(1),
                        100 * line.row().answered().get(2)));
    command.spec.commandLine().getOut().println(table.of(lines));
  }
}
