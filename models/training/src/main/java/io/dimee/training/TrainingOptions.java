package io.dimee.training;

import io.dimee.calibration.data.DataException;

/**
 * Hyper-parameters of a training run; they are recorded in the bundle.
 *
 * @param epochs passes over the training part
 * @param batchSize rows a step
 * @param exitWidth size of each exit's dense layer
 * @param learningRate peak learning rate of the encoder
 * @param exitLearningRate peak learning rate of the exits
 * @param weightDecay decoupled weight decay of dense weights and exits (AdamW, arXiv 1711.05101)
 * @param warmUp part of the steps over which the learning rate rises; it falls linearly afterwards
 * @param dropout probability of dropping a value
 * @param clip largest norm of a step's gradient, over all parameters
 * @param depthWeight exit i's loss counts i to this power: 1 is the paper's weighting, 0 treats all
 *     exits alike
 * @param distillation part of an earlier exit's target that comes from the last exit
 * @param maxTokens longest input in tokens
 * @param heldOut rows held out for calibration
 * @param seed seed of the split, the initial values, the order and dropout
 */
public record TrainingOptions(
    int epochs,
    int batchSize,
    int exitWidth,
    double learningRate,
    double exitLearningRate,
    double weightDecay,
    double warmUp,
    double dropout,
    double clip,
    double depthWeight,
    double distillation,
    int maxTokens,
    int heldOut,
    long seed) {
  /** What {@link Recipe}s vary. */
  public static final TrainingOptions DEFAULT =
      new TrainingOptions(2, 32, 96, 5e-5, 5e-4, 0.01, 0.06, 0.1, 1.0, 0.0, 0.5, 128, 1000, 17);

  /** Checks the numbers. */
  public TrainingOptions {
    require(epochs >= 1, "epochs", epochs);
    require(batchSize >= 1, "batch-size", batchSize);
    require(exitWidth >= 1, "exit-width", exitWidth);
    require(learningRate > 0, "learning-rate", learningRate);
    require(exitLearningRate > 0, "exit-learning-rate", exitLearningRate);
    require(weightDecay >= 0, "weight-decay", weightDecay);
    require(warmUp >= 0 && warmUp < 1, "warm-up", warmUp);
    require(dropout >= 0 && dropout < 1, "dropout", dropout);
    require(clip > 0, "clip", clip);
    require(depthWeight >= 0, "depth-weight", depthWeight);
    require(distillation >= 0 && distillation <= 1, "distillation", distillation);
    require(maxTokens >= 8 && maxTokens <= 512, "max-tokens", maxTokens);
    require(heldOut >= 1, "held-out", heldOut);
  }

  /** The same with another number of epochs. */
  public TrainingOptions withEpochs(int value) {
    return with(value, exitWidth, learningRate, depthWeight, distillation, heldOut, seed);
  }

  /** The same with another size of the exits' dense layers. */
  public TrainingOptions withExitWidth(int value) {
    return with(epochs, value, learningRate, depthWeight, distillation, heldOut, seed);
  }

  /** The same with another peak learning rate of the encoder. */
  public TrainingOptions withLearningRate(double value) {
    return with(epochs, exitWidth, value, depthWeight, distillation, heldOut, seed);
  }

  /** The same with another peak learning rate of the exits. */
  public TrainingOptions withExitLearningRate(double value) {
    return new TrainingOptions(
        epochs,
        batchSize,
        exitWidth,
        learningRate,
        value,
        weightDecay,
        warmUp,
        dropout,
        clip,
        depthWeight,
        distillation,
        maxTokens,
        heldOut,
        seed);
  }

  /** The same with another weighting of the exits. */
  public TrainingOptions withDepthWeight(double value) {
    return with(epochs, exitWidth, learningRate, value, distillation, heldOut, seed);
  }

  /** The same with another part of the last exit in earlier exits' targets. */
  public TrainingOptions withDistillation(double value) {
    return with(epochs, exitWidth, learningRate, depthWeight, value, heldOut, seed);
  }

  /** The same with another number of held-out rows. */
  public TrainingOptions withHeldOut(int value) {
    return with(epochs, exitWidth, learningRate, depthWeight, distillation, value, seed);
  }

  /** The same with another seed. */
  public TrainingOptions withSeed(long value) {
    return with(epochs, exitWidth, learningRate, depthWeight, distillation, heldOut, value);
  }

  private TrainingOptions with(
      int otherEpochs,
      int otherExitWidth,
      double otherLearningRate,
      double otherDepthWeight,
      double otherDistillation,
      int otherHeldOut,
      long otherSeed) {
    return new TrainingOptions(
        otherEpochs,
        batchSize,
        otherExitWidth,
        otherLearningRate,
        exitLearningRate,
        weightDecay,
        warmUp,
        dropout,
        clip,
        otherDepthWeight,
        otherDistillation,
        maxTokens,
        otherHeldOut,
        otherSeed);
  }

  private static void require(boolean holds, String key, Object value) {
    if (!holds) {
      throw new DataException("%s=%s is out of range".formatted(key, value));
    }
  }
}
