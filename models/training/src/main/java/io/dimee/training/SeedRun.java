package io.dimee.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.EncodedExample;
import io.dimee.calibration.fit.BundleWriter;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Fine-tunes with one seed in a folder of its own, continuing where an earlier run stopped. */
final class SeedRun {
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final String RUN = "run.json";

  private final ObjectMapper json = new ObjectMapper();
  private final Path work;
  private final boolean resume;
  private final TrainingOptions options;
  private final Function<String, TrainingProgress> progress;

  SeedRun(
      Path work,
      boolean resume,
      TrainingOptions options,
      Function<String, TrainingProgress> progress) {
    this.work = work;
    this.resume = resume;
    this.options = options;
    this.progress = progress;
  }

  /**
   * A trained model and what its exits say.
   *
   * @param tuned weights as they were trained
   * @param exactHeldOut by the weights as they were trained
   * @param heldOut by the weights as the bundle's readers see them
   * @param dev by the weights as the bundle's readers see them
   * @param outOfScopeHeldOut likewise, of rows of no class; empty where there are none
   * @param outOfScopeDev likewise
   */
  record Result(
      long seed,
      Map<String, Tensor> tuned,
      ExitOutputs exactHeldOut,
      ExitOutputs heldOut,
      ExitOutputs dev,
      Optional<ExitOutputs> outOfScopeHeldOut,
      Optional<ExitOutputs> outOfScopeDev) {}

  /** The rows of a data set, in tokens. */
  record Rows(
      List<EncodedExample> train,
      List<EncodedExample> heldOut,
      List<EncodedExample> dev,
      List<EncodedExample> outOfScopeHeldOut,
      List<EncodedExample> outOfScopeDev) {
    /** All of them, once. */
    List<EncodedExample> all() {
      return Stream.concat(
              train.stream(),
              Stream.of(heldOut, dev, outOfScopeHeldOut, outOfScopeDev).flatMap(List::stream))
          .toList();
    }

    /** Rows that the exits are asked about once training is done; held-out rows are asked twice. */
    Stream<EncodedExample> evaluated() {
      return Stream.of(heldOut, heldOut, dev, outOfScopeHeldOut, outOfScopeDev)
          .flatMap(List::stream);
    }
  }

  /**
   * Trains to the end and evaluates.
   *
   * @param start the encoder's initial weights
   * @param limit of the steps' time
   * @param stopping when to end before the last epoch
   */
  Result run(
      Backbone backbone,
      Adapter start,
      Rows rows,
      Trainer.Exits exits,
      Optional<Duration> limit,
      Optional<Stopping> stopping) {
    String stage = "seed " + options.seed();
    try (Trainer trainer = new Trainer(backbone, start, options, exits)) {
      if (exits.tune() == Tune.exits) {
        trainer.encode(rows.all(), progress.apply("encode, " + stage));
      }
      TrainingProgress bar = progress.apply("train, " + stage);
      Map<String, Tensor> exact =
          stopping.isPresent()
              ? train(trainer, rows, limit, stopping.get(), bar)
              : train(trainer, rows, limit, bar);
      Map<String, Tensor> stored = BundleWriter.asStored(backbone, exact);
      return new Result(
          options.seed(),
          exact,
          trainer.evaluate(rows.heldOut(), exact, progress.apply("held out, exact, " + stage)),
          trainer.evaluate(rows.heldOut(), stored, progress.apply("held out, stored, " + stage)),
          trainer.evaluate(rows.dev(), stored, progress.apply("dev, " + stage)),
          outOfScope(trainer, rows.outOfScopeHeldOut(), stored),
          outOfScope(trainer, rows.outOfScopeDev(), stored));
    }
  }

  private Map<String, Tensor> train(
      Trainer trainer, Rows rows, Optional<Duration> limit, TrainingProgress bar) {
    trainer.train(rows.train(), work.resolve(CHECKPOINT), limit, bar);
    return trainer.weights();
  }

  /** Trains until epochs bring nothing on held-out rows; returns the weights of the best. */
  private Map<String, Tensor> train(
      Trainer trainer,
      Rows rows,
      Optional<Duration> limit,
      Stopping stopping,
      TrainingProgress bar) {
    BestEpoch best = new BestEpoch(work, stopping.patience(), isBegun());
    if (!best.isOver()) {
      trainer.train(
          rows.train(),
          work.resolve(CHECKPOINT),
          limit,
          epoch -> {
            Map<String, Tensor> weights = trainer.weights();
            ExitOutputs heldOut = trainer.evaluate(rows.heldOut(), weights, TrainingProgress.NONE);
            best.add(epoch, stopping.score().applyAsDouble(heldOut), weights);
            return !best.isOver();
          },
          bar);
    }
    return best.weights();
  }

  /**
   * When training ends before its last epoch.
   *
   * @param patience epochs without a better one
   * @param score of what the exits say about held-out rows; more is better
   */
  record Stopping(int patience, ToDoubleFunction<ExitOutputs> score) {}

  private Optional<ExitOutputs> outOfScope(
      Trainer trainer, List<EncodedExample> rows, Map<String, Tensor> weights) {
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            trainer.evaluate(
                rows, weights, progress.apply("out of scope, seed " + options.seed())));
  }

  /** Whether an earlier run has left a checkpoint. */
  boolean isBegun() {
    return Files.exists(work.resolve(CHECKPOINT));
  }

  /**
   * Makes sure that a checkpoint is only continued by the run that made it: same data, same
   * options. Call it before a model is loaded.
   *
   * @throws DataException when there is one of another run, or any and {@code resume} is not set
   */
  void prepare(ObjectNode data) {
    ObjectNode identity = data.deepCopy();
    identity.set("options", json.valueToTree(options));
    Path file = work.resolve(RUN);
    try {
      Files.createDirectories(work);
      boolean begun = isBegun();
      if (begun && !resume) {
        throw new DataException(
            "%s holds the checkpoint of an earlier run; continue it with --resume or choose another --work"
                .formatted(work));
      }
      if (begun
          && !json.readTree(Files.readAllBytes(file)).equals(json.readTree(identity.toString()))) {
        throw new DataException(
            "the checkpoint in %s was made with other data or options: %s"
                .formatted(work, Files.readString(file).strip()));
      }
      Files.writeString(file, identity + "\n");
    } catch (IOException e) {
      throw new DataException("cannot use the folder %s: %s".formatted(work, e), e);
    }
  }
}
