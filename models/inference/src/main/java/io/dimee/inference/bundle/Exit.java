package io.dimee.inference.bundle;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A classifier's calibration: of a head on the encoder, or of the one that reads words alone.
 *
 * @param depth encoder layers below the head; 0 for the classifier that reads words alone
 * @param temperature divides the logits before softmax (Guo et al. 2017, arXiv 1706.04599)
 * @param thresholds least confidence at which the exit answers, in [0, 1], for each class that it
 *     may name, or one for all; at 1 it never does, since a confidence of 1 is a rounding error
 * @param wordsWeight factor of what words alone say, which is added to the logits; 0 where they are
 *     not stacked
 */
public record Exit(
    int depth,
    double temperature,
    List<Double> thresholds,
    @JsonProperty("words_weight") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        double wordsWeight) {
  /** Depth of the exit that reads words alone, which the router asks before any layer runs. */
  public static final int WORDS = 0;

  /** Checks the numbers. */
  public Exit {
    if (depth < WORDS) {
      throw new InvalidBundleException("exits: depth=%d must be 0 or more".formatted(depth));
    }
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new InvalidBundleException(
          "exits: temperature=%s at depth %d must be above 0".formatted(temperature, depth));
    }
    if (thresholds == null
        || thresholds.isEmpty()
        || thresholds.stream().anyMatch(t -> t == null || !(t >= 0 && t <= 1))) {
      throw new InvalidBundleException(
          "exits: thresholds=%s at depth %d must lie in [0, 1]".formatted(thresholds, depth));
    }
    if (!Double.isFinite(wordsWeight) || (wordsWeight != 0 && depth == WORDS)) {
      throw new InvalidBundleException(
          "exits: words_weight=%s at depth %d is not valid".formatted(wordsWeight, depth));
    }
    thresholds = List.copyOf(thresholds);
  }

  /** Of a manifest, which does not say the weight where it is 0. */
  @JsonCreator
  static Exit of(
      @JsonProperty("depth") int depth,
      @JsonProperty("temperature") double temperature,
      @JsonProperty("thresholds") List<Double> thresholds,
      @JsonProperty("words_weight") Double wordsWeight) {
    return new Exit(depth, temperature, thresholds, wordsWeight == null ? 0 : wordsWeight);
  }

  /** An exit that reads the encoder alone, or words alone. */
  public Exit(int depth, double temperature, List<Double> thresholds) {
    this(depth, temperature, thresholds, 0);
  }

  /** An exit with one threshold for all classes. */
  public Exit(int depth, double temperature, double threshold) {
    this(depth, temperature, List.of(threshold));
  }

  /** Least confidence at which the exit answers with a class. */
  public double threshold(int label) {
    return thresholds.get(thresholds.size() == 1 ? 0 : label);
  }

  /** Whether every reading is confident enough. */
  public boolean answersAll() {
    return thresholds.stream().allMatch(threshold -> threshold == 0);
  }

  /** Whether a reading is confident enough. */
  public boolean answers(ExitReading reading) {
    double threshold = threshold(reading.label());
    return threshold < 1 && reading.confidence() >= threshold;
  }

  /**
   * Reads one row of logits, with what words alone say where the exit takes that in.
   *
   * @param logits class scores; [classes]
   * @param words scores of the classifier of words alone; [classes]; null where it was not asked
   */
  public ExitReading read(float[] logits, float[] words) {
    return words == null || wordsWeight == 0 ? read(logits) : read(stacked(logits, words));
  }

  /** Logits with what words alone say added; [classes]. */
  public float[] stacked(float[] logits, float[] words) {
    float[] sum = new float[logits.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (float) (logits[i] + wordsWeight * words[i]);
    }
    return sum;
  }

  /**
   * Reads one row of logits.
   *
   * @param logits class scores; [classes]
   */
  public ExitReading read(float[] logits) {
    return ExitReading.of(depth, logits, temperature);
  }
}
