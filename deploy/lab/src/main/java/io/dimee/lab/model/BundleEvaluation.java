package io.dimee.lab.model;

import io.dimee.calibration.data.DataSet;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.evaluation.TaskEvaluation;
import io.dimee.calibration.evaluation.TaskEvaluator;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.Recalibration;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.files.FileCache;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Evaluates bundles under all policies, each on its own data set. */
final class BundleEvaluation {
  private static final int ROWS_FOR_CODECS = 500;

  private final FileCache cache;
  private final int threads;
  private final Function<String, TrainingProgress> progress;

  /**
   * Prepares to evaluate.
   *
   * @param threads cores that a model may use
   * @param progress makes a progress display for a named stage
   */
  BundleEvaluation(FileCache cache, int threads, Function<String, TrainingProgress> progress) {
    this.cache = cache;
    this.threads = threads;
    this.progress = progress;
  }

  /** A bundle and the data set that it was trained on. */
  record Subject(Bundle bundle, DataSet data) {}

  /**
   * What to evaluate.
   *
   * @param devRows most rows of dev to answer, of each data set
   */
  record Request(List<Subject> subjects, Prices prices, int devRows) {}

  /**
   * The result.
   *
   * @param evaluations one a bundle, in order
   * @param evaluators the same for other prices, with what thresholds may cost
   * @param codecs hidden-state codecs, on the first bundle
   */
  record Result(
      List<TaskEvaluation> evaluations,
      Map<TaskEvaluator, Calibration.Target> evaluators,
      List<CodecTable.Row> codecs) {}

  Result run(Request request) {
    List<TaskEvaluation> evaluations = new ArrayList<>();
    Map<TaskEvaluator, Calibration.Target> evaluators = new LinkedHashMap<>();
    List<CodecTable.Row> codecs = List.of();
    for (Subject subject : request.subjects()) {
      Bundle bundle = subject.bundle();
      Recalibration data = new Recalibration(bundle, subject.data(), cache, threads, progress);
      List<Exit> exits = bundle.manifest().exits();
      ExitOutputs heldOut = data.heldOut().stacked(exits);
      ExitOutputs dev = data.dev(request.devRows()).stacked(exits);
      TaskEvaluator evaluator =
          new TaskEvaluator(
              bundle.manifest(),
              subject.data(),
              heldOut,
              dev,
              HiddenBytes.perToken(bundle.manifest().encoder().hidden()));
      Calibration.Target target = TaskEvaluator.target(bundle.manifest());
      List<Example> rows = data.devExamples();
      evaluations.add(evaluator.evaluate(bundle.modelId(), request.prices(), target, rows.size()));
      evaluators.put(evaluator, target);
      if (codecs.isEmpty()) {
        codecs =
            new CodecTable(bundle, cache, threads)
                .measure(
                    rows.subList(0, Math.min(ROWS_FOR_CODECS, rows.size())),
                    progress.apply(subject.data().name() + ", hidden-state codecs"));
      }
    }
    return new Result(evaluations, evaluators, codecs);
  }
}
