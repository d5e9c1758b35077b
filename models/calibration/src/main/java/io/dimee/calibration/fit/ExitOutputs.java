package io.dimee.calibration.fit;

import io.dimee.calibration.data.Example;
import io.dimee.calibration.data.Score;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.UnknownLabel;
import io.dimee.inference.words.WordsModel;
import io.dimee.inference.words.WordsScorer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What every exit says about every row of a data set, and the router's feature: all that
 * calibration needs, so that it never runs the model again.
 *
 * @param logits [layers][rows][classes]
 * @param embeddings mean embedding-layer output; [rows][hidden]
 * @param labels -1 for a row of no class; [rows]
 * @param tokens number of tokens, special tokens included; [rows]
 * @param words logits of the exit that reads words alone; [rows][classes]; null where there is none
 * @param withheld whether the last exit withholds its answer; [rows]; null where it never does
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data; never compared
public record ExitOutputs(
    float[][][] logits,
    float[][] embeddings,
    int[] labels,
    int[] tokens,
    float[][] words,
    boolean[] withheld) {
  /** Outputs of which no answer is withheld. */
  public ExitOutputs(
      float[][][] logits, float[][] embeddings, int[] labels, int[] tokens, float[][] words) {
    this(logits, embeddings, labels, tokens, words, null);
  }

  /** Outputs of an encoder's exits alone. */
  public ExitOutputs(float[][][] logits, float[][] embeddings, int[] labels, int[] tokens) {
    this(logits, embeddings, labels, tokens, null);
  }

  /**
   * The same with what a classifier of n-grams says.
   *
   * @param texts of the rows, in their order
   */
  public ExitOutputs withWords(WordsModel model, List<Example> texts) {
    WordsScorer scorer = new WordsScorer(model);
    float[][] scores = new float[texts.size()][model.classes()];
    for (int row = 0; row < scores.length; row++) {
      scorer.score(texts.get(row).text(), texts.get(row).pair(), scores[row]);
    }
    return new ExitOutputs(logits, embeddings, labels, tokens, scores, withheld);
  }

  /** The same of the encoder's exits alone. */
  public ExitOutputs withoutWords() {
    return new ExitOutputs(logits, embeddings, labels, tokens, null, withheld);
  }

  /** These rows and others. */
  ExitOutputs plus(ExitOutputs others) {
    float[][][] both = new float[logits.length][][];
    for (int layer = 0; layer < both.length; layer++) {
      both[layer] = plus(logits[layer], others.logits[layer]);
    }
    return new ExitOutputs(
        both,
        plus(embeddings, others.embeddings),
        plus(labels, others.labels),
        plus(tokens, others.tokens),
        words == null ? null : plus(words, others.words));
  }

  private static float[][] plus(float[][] some, float[][] others) {
    return Stream.of(some, others).flatMap(Arrays::stream).toArray(float[][]::new);
  }

  private static int[] plus(int[] some, int[] others) {
    return IntStream.concat(Arrays.stream(some), Arrays.stream(others)).toArray();
  }

  /**
   * The same where the last exit withholds answers that it is less sure of.
   *
   * @param last its calibration
   */
  ExitOutputs withholding(Exit last, double below) {
    boolean[] unsure = new boolean[rows()];
    for (int row = 0; row < unsure.length; row++) {
      unsure[row] = read(last, row).confidence() < below;
    }
    return new ExitOutputs(logits, embeddings, labels, tokens, words, unsure);
  }

  /** What an exit answers a row with: a class, or -1 where that is withheld. */
  int answer(Exit exit, int row) {
    return exit.depth() == layers() && withheld != null && withheld[row]
        ? UnknownLabel.INDEX
        : read(exit, row).label();
  }

  /** Whether a row may be of no class, or be answered with none. */
  boolean knowUnknown() {
    return withheld != null;
  }

  /** What the exit at a depth says of each row; [rows][classes]. */
  public float[][] scores(int depth) {
    return depth == Exit.WORDS ? words : logits[depth - 1];
  }

  /** Depth of the first exit. */
  int first() {
    return words == null ? 1 : Exit.WORDS;
  }

  /** Number of rows. */
  public int rows() {
    return labels.length;
  }

  /** Number of classes. */
  int classes() {
    return logits[0].length == 0 ? 0 : logits[0][0].length;
  }

  /** Number of exits on the encoder. */
  public int layers() {
    return logits.length;
  }

  /** All rows, by their indices. */
  public int[] allRows() {
    return IntStream.range(0, rows()).toArray();
  }

  /** What a calibrated exit says about a row. */
  public ExitReading read(Exit exit, int row) {
    return exit.read(scores(exit.depth())[row]);
  }

  /**
   * Log-odds of the confidence of the exit at a depth: log(c / (1 - c)), exact also where c itself
   * rounds to 1.
   */
  public double logOdds(int depth, int row, double temperature) {
    float[] scores = scores(depth)[row];
    int label = ExitReading.of(depth, scores, 1).label();
    double others = 0;
    for (int i = 0; i < scores.length; i++) {
      if (i != label) {
        others += Math.exp((scores[i] - scores[label]) / temperature);
      }
    }
    return -Math.log(others);
  }

  /** Class that the exit at a depth answers for each row. */
  public int[] answers(int depth) {
    int[] answers = new int[rows()];
    for (int row = 0; row < rows(); row++) {
      answers[row] = ExitReading.of(depth, scores(depth)[row], 1).label();
    }
    return answers;
  }

  /** Share of rows that the exit at a depth labels rightly. */
  public double accuracy(int depth) {
    return Score.ACCURACY.of(labels, answers(depth));
  }
}
