package io.dimee.lab.model;

import io.dimee.calibration.data.ClassWeights;
import io.dimee.calibration.data.GlueTask;
import io.dimee.client.TimeAmount;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.inference.onnx.Pooling;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.training.Recipe;
import io.dimee.training.TrainingOptions;
import io.dimee.training.Tune;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a bundle is trained, where its data set's recipe is not followed. */
@OptionGroup(Heading.TRAINING)
final class RecipeOptions {
  private static final String NONE = "none";

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "Number of runs, with seeds counting up; the one that does best on held-out rows becomes the bundle."
              + " Default: by data set")
  private Integer seeds;

  @Option(
      names = "--tune",
      paramLabel = "all|exits",
      description =
          "Train encoder and exits, or the exits alone: minutes instead of an hour, and less accurate. Default: all;"
              + " exits for data of your own with fewer than 50 rows per class")
  private Tune tune;

  @Option(
      names = "--start",
      paramLabel = "DIR|none",
      description =
          "Bundle whose encoder training starts from. Default: qqp for QNLI, mnli for MRPC and RTE, beside the"
              + " output; else none")
  private String start;

  @Option(
      names = "--pooling",
      paramLabel = "all|by_text",
      description =
          "Token pooling: an exit reads the mean over all tokens, or each text of a pair separately. Default: by"
              + " data set")
  private Pooling pooling;

  @Option(
      names = "--backbone",
      paramLabel = "NAME",
      description = "Pre-trained encoder: bge-small-en-v1.5 or e5-small-v2. Default: by data set")
  private String backbone;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training rows. Default: by data set")
  private Integer epochs;

  @Option(names = "--batch-size", paramLabel = "N", description = "Rows per step. Default: 32")
  private Integer batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Peak learning rate of the encoder. Default: by data set")
  private Double learningRate;

  @Option(
      names = "--depth-weight",
      paramLabel = "POWER",
      description =
          "Weight of exit i's loss: i to this power; 1 is the paper's weighting, 0 weights all exits alike."
              + " Default: by data set")
  private Double depthWeight;

  @Option(
      names = "--distillation",
      paramLabel = "PART",
      description =
          "Share of an early exit's target that comes from the last exit. Default: by data set")
  private Double distillation;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Maximum length of an input in tokens. Default: 128")
  private Integer maxTokens;

  @Option(
      names = "--held-out",
      paramLabel = "N",
      description =
          "Training rows that are held out for calibration. Default: a fifth, 350 to 2000 if there are enough rows; for GLUE"
              + " 500 to 1000")
  private Integer heldOut;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      description =
          "Most time that training may take, such as 30m, checks and evaluation not counted; with less time than the"
              + " epochs need there are fewer steps. Default: none")
  private String timeLimit;

  @Option(
      names = "--early-stopping",
      paramLabel = "EPOCHS",
      description =
          "End training when the last exit has not become better on held-out rows for so many epochs, by --metric (by"
              + " likelihood for accuracy), and keep the best epoch. Default: all epochs, and the last one")
  private Integer earlyStopping;

  @Option(
      names = "--class-weights",
      paramLabel = "none|balanced|FILE",
      defaultValue = "none",
      description =
          "What a row of each class counts in training: all alike, rare classes more, or by a JSON file of weights by"
              + " label. Default: ${DEFAULT-VALUE}")
  private String classWeights;

  @Option(names = "--seed", paramLabel = "N", description = "Random seed. Default: 17")
  private Long seed;

  /**
   * Folder of the bundle whose encoder training starts from.
   *
   * @param usual data set whose bundle it is unless another is given
   * @param output folder of the bundle that is to be made
   */
  Optional<Path> start(Optional<GlueTask> usual, Path output) {
    if (start != null) {
      return start.equalsIgnoreCase(NONE) ? Optional.empty() : Optional.of(Path.of(start));
    }
    return usual.map(task -> output.resolveSibling(task.bundleName()));
  }

  /** Most time that the steps may take. */
  Optional<Duration> timeLimit() {
    return Optional.ofNullable(timeLimit).map(limit -> TimeAmount.of("time-limit", limit));
  }

  /** Epochs without a better one after which training ends. */
  Optional<Integer> earlyStopping() {
    if (earlyStopping != null && earlyStopping < 1) {
      throw new ConfigurationException(
          "early-stopping=%d is too few; valid: 1 or more".formatted(earlyStopping));
    }
    return Optional.ofNullable(earlyStopping);
  }

  /** What a row of each class counts. */
  ClassWeights classWeights() {
    return ClassWeights.parse(classWeights);
  }

  /** The recipe for a data set of a user's own, with what was given instead. */
  Recipe ofOwnData(long rows, int classes, boolean isPair) {
    return changed(
        tune == null ? Recipe.of(rows, classes, isPair) : Recipe.of(rows, classes, isPair, tune));
  }

  /** A recipe with what was given instead. */
  Recipe changed(Recipe recipe) {
    TrainingOptions d = recipe.options();
    TrainingOptions options =
        new TrainingOptions(
            Objects.requireNonNullElse(epochs, d.epochs()),
            Objects.requireNonNullElse(batchSize, d.batchSize()),
            d.exitWidth(),
            Objects.requireNonNullElse(learningRate, d.learningRate()),
            d.exitLearningRate(),
            d.weightDecay(),
            d.warmUp(),
            d.dropout(),
            d.clip(),
            Objects.requireNonNullElse(depthWeight, d.depthWeight()),
            Objects.requireNonNullElse(distillation, d.distillation()),
            Objects.requireNonNullElse(maxTokens, d.maxTokens()),
            Objects.requireNonNullElse(heldOut, d.heldOut()),
            Objects.requireNonNullElse(seed, d.seed()));
    return new Recipe(
        options,
        Objects.requireNonNullElse(seeds, recipe.seeds()),
        Objects.requireNonNullElse(backbone, recipe.backbone()),
        Objects.requireNonNullElse(pooling, recipe.pooling()),
        Objects.requireNonNullElse(tune, recipe.tune()));
  }
}
