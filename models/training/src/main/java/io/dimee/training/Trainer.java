package io.dimee.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.EncodedExample;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.onnx.Pooling;
import io.dimee.inference.tokenizer.Djl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntPredicate;

/**
 * Fine-tunes the multi-exit encoder. The same options, data and number of threads give the same
 * weights, also when the run was interrupted and resumed: order and dropout depend on the seed and
 * the step alone.
 */
public final class Trainer implements AutoCloseable {
  private static final int STEPS_PER_CHECKPOINT = 400;
  private static final int ROWS_PER_EVALUATION_BATCH = 64;
  private static final double LOSS_SMOOTHING = 0.02;

  /** Steps after which it is known how long one takes. */
  private static final int STEPS_TO_MEASURE = 20;

  private static final double NANOS = 1e9;

  private final TrainingOptions options;
  private final int layers;
  private final int classes;
  private final Pooling pooling;
  private final Tune tune;
  private final List<Double> classWeights;
  private final int stepsPerCheckpoint;
  private final NDManager manager;
  private final MultiExitEncoder encoder;
  private final ParameterGroup dense;
  private final ParameterGroup norms;
  private final ParameterGroup exits;
  private FrozenFeatures frozen;

  /**
   * Creates the model at its initial values.
   *
   * @param start the encoder's initial weights; exits begin at random
   * @param classes of the task
   * @param pooling of its exits
   */
  public Trainer(
      Backbone backbone, Adapter start, TrainingOptions options, int classes, Pooling pooling) {
    this(backbone, start, options, classes, pooling, STEPS_PER_CHECKPOINT);
  }

  Trainer(
      Backbone backbone,
      Adapter start,
      TrainingOptions options,
      int classes,
      Pooling pooling,
      int stepsPerCheckpoint) {
    this(
        backbone,
        start,
        options,
        new Exits(classes, pooling, Tune.all, List.of()),
        stepsPerCheckpoint);
  }

  /** The same for any exits. */
  Trainer(Backbone backbone, Adapter start, TrainingOptions options, Exits heads) {
    this(backbone, start, options, heads, STEPS_PER_CHECKPOINT);
  }

  private Trainer(
      Backbone backbone,
      Adapter start,
      TrainingOptions options,
      Exits heads,
      int stepsPerCheckpoint) {
    this.tune = heads.tune();
    this.classWeights = heads.classWeights();
    this.stepsPerCheckpoint = stepsPerCheckpoint;
    this.options = options;
    this.layers = backbone.architecture().layers();
    this.classes = heads.classes();
    this.pooling = heads.pooling();
    this.manager = Djl.manager("PyTorch");
    Random random = new Random(options.seed());
    this.encoder = new MultiExitEncoder(manager, backbone, options.dropout());
    this.dense =
        new ParameterGroup(
            manager,
            "dense",
            MultiExitEncoder.initialDense(start),
            options.learningRate(),
            options.weightDecay());
    this.norms =
        new ParameterGroup(
            manager, "norms", MultiExitEncoder.initialNorms(start), options.learningRate(), 0);
    this.exits =
        new ParameterGroup(
            manager,
            "exits",
            MultiExitEncoder.initialExits(
                backbone.architecture(), pooling, options.exitWidth(), classes, random),
            options.exitLearningRate(),
            options.weightDecay());
  }

  /**
   * What the exits of a model are to be, and what else is trained.
   *
   * @param classes of the data set
   * @param classWeights what a row of each class counts, or empty where all count alike
   */
  record Exits(int classes, Pooling pooling, Tune tune, List<Double> classWeights) {}

  /** What is trained. */
  private List<ParameterGroup> groups() {
    return tune == Tune.exits ? List.of(exits) : List.of(dense, norms, exits);
  }

  /** Runs rows through the encoder once, before the exits alone are trained and asked. */
  void encode(List<EncodedExample> rows, TrainingProgress progress) {
    FrozenFeatures features = new FrozenFeatures(layers);
    progress.start(rows.size(), 0);
    inBatches(
        rows,
        Map.of(),
        (batch, part, parameters) ->
            features.add(
                part.stream().map(rows::get).toList(), encoder.features(batch, parameters, false)),
        progress);
    progress.end();
    frozen = features;
  }

  /**
   * Trains to the end, or as many steps as fit in a time: how long one takes is measured first, and
   * the learning rate falls so that it is 0 at the last.
   *
   * @param checkpointFile where state is kept; training continues from there when it exists
   * @throws TrainingDivergedException when the loss is no longer a number
   */
  public void train(
      List<EncodedExample> rows,
      Path checkpointFile,
      Optional<Duration> limit,
      TrainingProgress progress) {
    train(rows, checkpointFile, limit, epoch -> true, progress);
  }

  /**
   * The same, or to the end of an epoch after which no other is wanted.
   *
   * @param wantsMore asked at the end of each epoch, with its number from 1; at the end of the last
   *     one too, which a time may cut
   */
  void train(
      List<EncodedExample> rows,
      Path checkpointFile,
      Optional<Duration> limit,
      IntPredicate wantsMore,
      TrainingProgress progress) {
    int stepsPerEpoch = BatchPlan.epoch(rows, options.batchSize(), 0).size();
    if (stepsPerEpoch == 0) {
      throw new DataException(
          "%d rows do not fill a batch of %d".formatted(rows.size(), options.batchSize()));
    }
    int steps = stepsPerEpoch * options.epochs();
    Checkpoint checkpoint = new Checkpoint(checkpointFile);
    OptionalInt done = checkpoint.restore(manager, groups());
    AdamW optimizer = new AdamW(groups(), options.clip(), options.warmUp(), steps);
    MultiExitLoss loss = new MultiExitLoss(manager, layers, options, classWeights);
    if (tune == Tune.exits && frozen == null) {
      throw new IllegalStateException("encode the rows before the exits alone are trained");
    }
    progress.start(steps, done.orElse(0));
    int measured = done.orElse(0) + STEPS_TO_MEASURE;
    long begin = System.nanoTime();
    double smoothed = Double.NaN;
    List<List<EncodedExample>> plan = List.of();
    for (int step = done.orElse(0) + 1; step <= steps; step++) {
      int inEpoch = (step - 1) % stepsPerEpoch;
      if (plan.isEmpty() || inEpoch == 0) {
        int epoch = (step - 1) / stepsPerEpoch;
        plan = BatchPlan.epoch(rows, options.batchSize(), options.seed() * 1_000 + epoch);
      }
      double value = step(plan.get(inEpoch), step, optimizer, loss);
      smoothed = Double.isNaN(smoothed) ? value : smoothed + LOSS_SMOOTHING * (value - smoothed);
      if (step == measured && limit.isPresent()) {
        double perStep = (System.nanoTime() - begin) / (double) STEPS_TO_MEASURE;
        long inAll = measured + (long) (limit.get().toNanos() / perStep) - STEPS_TO_MEASURE;
        steps = (int) Math.max(step, Math.min(steps, inAll));
        optimizer.endAt(steps);
      }
      boolean isLast = step == steps;
      if (isLast || inEpoch == stepsPerEpoch - 1) {
        isLast |= !wantsMore.test(1 + (step - 1) / stepsPerEpoch);
      }
      if (step % stepsPerCheckpoint == 0 || isLast) {
        checkpoint.save(step, groups());
      }
      progress.step(step, smoothed);
      if (isLast) {
        break;
      }
    }
    progress.end();
  }

  /** Makes a step that counts for nothing; returns the seconds that it took. */
  double timeStep(List<EncodedExample> batch) {
    long begin = System.nanoTime();
    step(
        batch,
        1,
        new AdamW(groups(), options.clip(), options.warmUp(), 1),
        new MultiExitLoss(manager, layers, options, classWeights));
    return (System.nanoTime() - begin) / NANOS;
  }

  /** Runs rows through the encoder once; returns the seconds that it took. */
  double timeReading(List<EncodedExample> rows) {
    long begin = System.nanoTime();
    inBatches(
        rows,
        Map.of(),
        (batch, part, parameters) -> encoder.features(batch, parameters, false).close(),
        TrainingProgress.NONE);
    return (System.nanoTime() - begin) / NANOS;
  }

  /** Makes steps of the exits alone that count for nothing; returns the seconds that one takes. */
  double timeStepsOfExits(List<EncodedExample> rows, int batchSize, int steps) {
    encode(rows, TrainingProgress.NONE);
    List<EncodedExample> batch = rows.subList(0, Math.min(batchSize, rows.size()));
    timeStep(batch);
    double seconds = 0;
    for (int i = 0; i < steps; i++) {
      seconds += timeStep(batch);
    }
    return seconds / steps;
  }

  private double step(List<EncodedExample> rows, int step, AdamW optimizer, MultiExitLoss loss) {
    JniUtils.setSeed(options.seed() * 10_000_019 + step);
    try (NDManager scope = manager.newSubManager()) {
      TokenBatch batch = TokenBatch.of(scope, rows, classes, pooling);
      double value;
      JniUtils.setGradMode(true);
      try {
        Map<String, NDArray> parameters = views(scope);
        NDArray logits =
            frozen == null
                ? encoder.logits(batch, parameters, true)
                : encoder.exits(frozen.of(scope, rows), parameters, true);
        NDArray total = loss.of(logits, batch.labels());
        value = total.getFloat();
        if (!Double.isFinite(value)) {
          throw new TrainingDivergedException("the loss is " + value, step);
        }
        JniUtils.backward(
            (PtNDArray) total, (PtNDArray) scope.ones(total.getShape()), false, false);
      } finally {
        JniUtils.setGradMode(false);
      }
      optimizer.step(step);
      return value;
    }
  }

  private Map<String, NDArray> views(NDManager scope) {
    Map<String, NDArray> views = new HashMap<>();
    groups().forEach(group -> group.views(scope, views));
    return views;
  }

  /** The fine-tuned weights by their names in the backbone, and the exits. */
  public Map<String, Tensor> weights() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    groups().forEach(group -> tensors.putAll(group.tensors()));
    return tensors;
  }

  /** Runs every exit on every row with the given weights, as {@link #weights} names them. */
  public ExitOutputs evaluate(
      List<EncodedExample> rows, Map<String, Tensor> weights, TrainingProgress progress) {
    float[][][] logits = new float[layers][rows.size()][classes];
    float[][] embeddings = new float[rows.size()][];
    progress.start(rows.size(), 0);
    inBatches(
        rows,
        weights,
        (batch, part, parameters) -> {
          float[] flat = logits(batch, part.stream().map(rows::get).toList(), parameters);
          float[] features = encoder.meanEmbedding(batch).toFloatArray();
          int hidden = features.length / part.size();
          for (int i = 0; i < part.size(); i++) {
            int row = part.get(i);
            embeddings[row] = new float[hidden];
            System.arraycopy(features, i * hidden, embeddings[row], 0, hidden);
            for (int layer = 0; layer < layers; layer++) {
              int from = (layer * part.size() + i) * classes;
              System.arraycopy(flat, from, logits[layer][row], 0, classes);
            }
          }
        },
        progress);
    progress.end();
    return new ExitOutputs(
        logits,
        embeddings,
        rows.stream().mapToInt(EncodedExample::label).toArray(),
        rows.stream().mapToInt(EncodedExample::tokens).toArray());
  }

  private float[] logits(
      TokenBatch batch, List<EncodedExample> rows, Map<String, NDArray> parameters) {
    NDArray features =
        frozen != null && frozen.has(rows)
            ? frozen.of(batch.ids().getManager(), rows)
            : encoder.features(batch, parameters, false);
    return encoder.exits(features, parameters, false).toFloatArray();
  }

  private interface BatchUse {
    /**
     * Uses a batch.
     *
     * @param part which rows it holds
     */
    void use(TokenBatch batch, List<Integer> part, Map<String, NDArray> parameters);
  }

  /**
   * Goes through rows without gradients, by length: little padding.
   *
   * @param weights instead of those that are being trained
   */
  private void inBatches(
      List<EncodedExample> rows,
      Map<String, Tensor> weights,
      BatchUse use,
      TrainingProgress progress) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingInt(i -> rows.get(i).tokens()));
    JniUtils.setGradMode(false);
    try (NDManager weightScope = manager.newSubManager()) {
      Map<String, NDArray> parameters = new HashMap<>();
      // an encoder that is not trained is in no weights
      List.of(dense, norms, exits).forEach(group -> group.views(weightScope, parameters));
      weights.forEach((name, tensor) -> parameters.put(name, NdTensors.array(weightScope, tensor)));
      for (int start = 0; start < order.size(); start += ROWS_PER_EVALUATION_BATCH) {
        List<Integer> part =
            order.subList(start, Math.min(start + ROWS_PER_EVALUATION_BATCH, order.size()));
        try (NDManager scope = manager.newSubManager()) {
          TokenBatch batch =
              TokenBatch.of(scope, part.stream().map(rows::get).toList(), classes, pooling);
          use.use(batch, part, parameters);
        }
        progress.step(start + part.size(), Double.NaN);
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
