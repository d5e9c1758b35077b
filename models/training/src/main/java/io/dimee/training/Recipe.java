package io.dimee.training;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.GlueTask;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.onnx.Pooling;
import java.util.List;
import java.util.Optional;

/**
 * How a task's bundle is trained.
 *
 * @param options of the first seed; the split into training and held-out rows is its for all seeds
 * @param seeds how many runs, with seeds counting up; the one that does best on held-out rows ships
 * @param extra tasks with the same classes whose training rows are added
 * @param start task whose fine-tuned encoder is where this one starts, instead of the backbone
 * @param backbone one of {@link Backbone#NAMES}
 * @param pooling of the exits; a single text is only ever read as a whole
 */
public record Recipe(
    GlueTask task,
    TrainingOptions options,
    int seeds,
    List<GlueTask> extra,
    Optional<GlueTask> start,
    String backbone,
    Pooling pooling) {
  private static final String BGE = Backbone.NAMES.get(0);
  private static final String E5 = Backbone.NAMES.get(1);

  /** Exits of pairs read four times as many values; narrower, they keep the bundle small. */
  private static final int PAIR_EXIT_WIDTH = 64;

  /** Checks that the parts fit together. */
  public Recipe {
    if (seeds < 1) {
      throw new DataException("seeds=%d is out of range; valid: 1 and more".formatted(seeds));
    }
    if (!Backbone.NAMES.contains(backbone)) {
      throw new DataException(
          "backbone=%s is not known; valid: %s".formatted(backbone, Backbone.NAMES));
    }
    if (pooling == Pooling.BY_TEXT && !task.isPair()) {
      throw new DataException(
          "pooling=by_text needs pairs of texts; %s has single ones".formatted(task.folder()));
    }
    for (GlueTask other : extra) {
      if (!other.labels().equals(task.labels())) {
        throw new DataException(
            "extra=%s has other classes than %s".formatted(other.folder(), task.folder()));
      }
    }
  }

  /** What the committed bundles were trained with. */
  public static Recipe of(GlueTask task) {
    TrainingOptions d = TrainingOptions.DEFAULT;
    TrainingOptions pair = d.withExitWidth(PAIR_EXIT_WIDTH);
    return switch (task) {
      case SST2 ->
          new Recipe(task, d.withDepthWeight(1), 1, List.of(), Optional.empty(), BGE, Pooling.ALL);
      case QQP -> new Recipe(task, d, 1, List.of(), Optional.empty(), BGE, Pooling.ALL);
      case QNLI ->
          new Recipe(
              task, d.withEpochs(3), 1, List.of(), Optional.of(GlueTask.QQP), BGE, Pooling.ALL);
      // few rows for what three classes mean
      case MNLI ->
          new Recipe(
              task,
              pair.withEpochs(3),
              1,
              List.of(GlueTask.SNLI),
              Optional.empty(),
              E5,
              Pooling.BY_TEXT);
      // grammar is what the other backbone has kept, and what the deep exits must not give up for
      // the early ones
      case COLA ->
          new Recipe(
              task,
              d.withEpochs(6).withLearningRate(1e-4).withDepthWeight(1).withDistillation(0.2),
              3,
              List.of(),
              Optional.empty(),
              E5,
              Pooling.ALL);
      // the smallest data, both: fewer rows are held out, and what texts share is learned elsewhere
      case MRPC ->
          new Recipe(
              task,
              pair.withEpochs(5).withLearningRate(8e-5).withDepthWeight(1).withHeldOut(700),
              3,
              List.of(),
              Optional.of(GlueTask.MNLI),
              E5,
              Pooling.BY_TEXT);
      case RTE ->
          new Recipe(
              task,
              pair.withEpochs(4).withHeldOut(500),
              3,
              List.of(),
              Optional.of(GlueTask.MNLI),
              E5,
              Pooling.BY_TEXT);
      case SNLI -> throw new DataException("SNLI has no dev rows to measure a bundle on");
    };
  }
}
