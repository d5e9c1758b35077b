package io.dimee.training;

import io.dimee.calibration.data.EncodedExample;
import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Backbone;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * How long a training takes on this machine, from a few steps on batches of its own rows. What they
 * learn is thrown away.
 */
final class TimeEstimate {
  /** The first is slower than those after it and does not count. */
  private static final int BATCHES = 3;

  /** Steps of heads alone are short, and few of them tell little. */
  private static final int STEPS_OF_EXITS = 8;

  private static final double NANOS = 1e9;

  private TimeEstimate() {}

  /**
   * Estimates training and evaluation with one seed.
   *
   * @param start the encoder's initial weights
   */
  static Duration of(
      Backbone backbone,
      Adapter start,
      SeedRun.Rows rows,
      TrainingOptions options,
      Trainer.Exits exits) {
    List<List<EncodedExample>> epoch = BatchPlan.epoch(rows.train(), options.batchSize(), 0);
    if (epoch.isEmpty()) {
      return Duration.ZERO;
    }
    List<List<EncodedExample>> sample =
        epoch.stream()
            .sorted(Comparator.comparingInt(TimeEstimate::tokens))
            .skip(Math.max(0, epoch.size() / 2 - BATCHES / 2))
            .limit(BATCHES)
            .toList();
    long tokensOfEpoch = epoch.stream().mapToLong(TimeEstimate::tokens).sum();
    long evaluated = rows.evaluated().mapToLong(EncodedExample::tokens).sum();
    try (Trainer trainer = new Trainer(backbone, start, options, exits)) {
      double perToken = perToken(sample, trainer::timeReading);
      double seconds = perToken * evaluated;
      if (exits.tune() == Tune.exits) {
        List<EncodedExample> some = sample.stream().flatMap(List::stream).toList();
        double step = trainer.timeStepsOfExits(some, options.batchSize(), STEPS_OF_EXITS);
        seconds += perToken * tokensOfEpoch + step * epoch.size() * options.epochs();
      } else {
        seconds += perToken(sample, trainer::timeStep) * tokensOfEpoch * options.epochs();
      }
      return Duration.ofNanos((long) (NANOS * seconds));
    }
  }

  private interface Measurement {
    double seconds(List<EncodedExample> batch);
  }

  private static double perToken(List<List<EncodedExample>> batches, Measurement measurement) {
    double seconds = 0;
    long tokens = 0;
    for (int i = 0; i < batches.size(); i++) {
      double took = measurement.seconds(batches.get(i));
      if (i > 0 || batches.size() == 1) {
        seconds += took;
        tokens += tokens(batches.get(i));
      }
    }
    return seconds / tokens;
  }

  /** Those of its longest row count for all. */
  private static int tokens(List<EncodedExample> batch) {
    return batch.size() * batch.stream().mapToInt(EncodedExample::tokens).max().orElseThrow();
  }
}
