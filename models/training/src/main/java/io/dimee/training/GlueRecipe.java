package io.dimee.training;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.GlueTask;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.onnx.Pooling;
import java.util.List;
import java.util.Optional;

/**
 * How the bundle of a GLUE task is trained.
 *
 * @param extra tasks with the same classes whose training rows are added
 * @param start task whose fine-tuned encoder is where this one starts, instead of the backbone
 */
public record GlueRecipe(
    GlueTask task, Recipe recipe, List<GlueTask> extra, Optional<GlueTask> start) {
  private static final String BGE = Backbone.NAMES.get(0);
  private static final String E5 = Backbone.NAMES.get(1);

  /** Checks that rows of other tasks have the same classes. */
  public GlueRecipe {
    for (GlueTask other : extra) {
      if (!other.labels().equals(task.labels())) {
        throw new DataException(
            "extra=%s has other classes than %s".formatted(other.folder(), task.folder()));
      }
    }
  }

  /** What the committed bundles were trained with. */
  public static GlueRecipe of(GlueTask task) {
    TrainingOptions d = TrainingOptions.DEFAULT;
    TrainingOptions pair = d.withExitWidth(Recipe.PAIR_EXIT_WIDTH);
    return switch (task) {
      case SST2 ->
          new GlueRecipe(
              task,
              new Recipe(d.withDepthWeight(1), 1, BGE, Pooling.ALL, Tune.all),
              List.of(),
              Optional.empty());
      case QQP ->
          new GlueRecipe(
              task, new Recipe(d, 1, BGE, Pooling.ALL, Tune.all), List.of(), Optional.empty());
      case QNLI ->
          new GlueRecipe(
              task,
              new Recipe(d.withEpochs(3), 1, BGE, Pooling.ALL, Tune.all),
              List.of(),
              Optional.of(GlueTask.QQP));
      // few rows for what three classes mean
      case MNLI ->
          new GlueRecipe(
              task,
              new Recipe(pair.withEpochs(3), 1, E5, Pooling.BY_TEXT, Tune.all),
              List.of(GlueTask.SNLI),
              Optional.empty());
      // grammar is what the other backbone has kept, and what the deep exits must not give up for
      // the early ones
      case COLA ->
          new GlueRecipe(
              task,
              new Recipe(
                  d.withEpochs(6).withLearningRate(1e-4).withDepthWeight(1).withDistillation(0.2),
                  3,
                  E5,
                  Pooling.ALL,
                  Tune.all),
              List.of(),
              Optional.empty());
      // the smallest data, both: fewer rows are held out, and what texts share is learned elsewhere
      case MRPC ->
          new GlueRecipe(
              task,
              new Recipe(
                  pair.withEpochs(5).withLearningRate(8e-5).withDepthWeight(1).withHeldOut(700),
                  3,
                  E5,
                  Pooling.BY_TEXT,
                  Tune.all),
              List.of(),
              Optional.of(GlueTask.MNLI));
      case RTE ->
          new GlueRecipe(
              task,
              new Recipe(pair.withEpochs(4).withHeldOut(500), 3, E5, Pooling.BY_TEXT, Tune.all),
              List.of(),
              Optional.of(GlueTask.MNLI));
      case SNLI -> throw new DataException("SNLI has no dev rows to measure a bundle on");
    };
  }
}
