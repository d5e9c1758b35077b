package io.dimee.training;

import io.dimee.calibration.data.DataException;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.onnx.Pooling;

/**
 * How a bundle is trained.
 *
 * @param options of the first seed; the split into training and held-out rows is its for all seeds
 * @param seeds how many runs, with seeds counting up; the one that does best on held-out rows ships
 * @param backbone one of {@link Backbone#NAMES}
 * @param pooling of the exits; a single text is only ever read as a whole
 * @param tune which weights are trained
 */
public record Recipe(
    TrainingOptions options, int seeds, String backbone, Pooling pooling, Tune tune) {
  /** Steps of 32 rows that a few classes take to be learned; more classes take more. */
  private static final int ROWS_IN_ALL = 20_000;

  private static final int ROWS_PER_CLASS = 500;
  private static final int LEAST_EPOCHS = 2;
  private static final int MOST_EPOCHS = 10;

  /** Classes from which they are told apart by less, and the encoder must move further. */
  private static final int MANY_CLASSES = 20;

  private static final double FAST = 1e-4;
  private static final double HELD_OUT_SHARE = 0.2;

  /** Fewer cannot show that no more than half a point is lost, with confidence 0.9. */
  private static final int LEAST_HELD_OUT = 350;

  private static final int MOST_HELD_OUT = 2_000;

  /** Exits of pairs read four times as many values; narrower, they keep the bundle small. */
  static final int PAIR_EXIT_WIDTH = 64;

  /** Rows a class below which there is too little to train an encoder of 12 layers on. */
  private static final int FEW_PER_CLASS = 50;

  /** Passes of the exits alone: each takes seconds. */
  private static final int EXIT_EPOCHS = 30;

  private static final double EXIT_RATE = 1e-3;

  /** Checks the parts. */
  public Recipe {
    if (seeds < 1) {
      throw new DataException("seeds=%d is out of range; valid: 1 and more".formatted(seeds));
    }
    if (!Backbone.NAMES.contains(backbone)) {
      throw new DataException(
          "backbone=%s is not known; valid: %s".formatted(backbone, Backbone.NAMES));
    }
  }

  /**
   * The recipe for a data set that has none of its own, by its size.
   *
   * @param rows to train and calibrate on
   */
  public static Recipe of(long rows, int classes, boolean isPair) {
    return of(rows, classes, isPair, rows < (long) FEW_PER_CLASS * classes ? Tune.exits : Tune.all);
  }

  /** The same for given weights. */
  public static Recipe of(long rows, int classes, boolean isPair, Tune tune) {
    TrainingOptions options = options(rows, classes);
    if (tune == Tune.exits) {
      options = options.withEpochs(EXIT_EPOCHS).withExitLearningRate(EXIT_RATE);
    }
    return isPair
        ? new Recipe(
            options.withExitWidth(PAIR_EXIT_WIDTH), 1, Backbone.NAMES.get(0), Pooling.BY_TEXT, tune)
        : new Recipe(options, 1, Backbone.NAMES.get(0), Pooling.ALL, tune);
  }

  private static TrainingOptions options(long rows, int classes) {
    long heldOut = Math.round(HELD_OUT_SHARE * rows);
    heldOut = Math.min(Math.max(heldOut, Math.min(LEAST_HELD_OUT, rows / 3)), MOST_HELD_OUT);
    long trained = Math.max(1, rows - heldOut);
    long epochs = Math.round((ROWS_IN_ALL + (double) ROWS_PER_CLASS * classes) / trained);
    TrainingOptions options =
        TrainingOptions.DEFAULT
            .withEpochs((int) Math.min(Math.max(epochs, LEAST_EPOCHS), MOST_EPOCHS))
            .withHeldOut((int) Math.max(1, heldOut));
    return classes >= MANY_CLASSES ? options.withLearningRate(FAST) : options;
  }
}
