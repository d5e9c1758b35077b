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
 * @param stacking what of the words' logits was added to those of the exits; null where nothing was
 * @param withheld whether the last exit withholds its answer; [rows]; null where it never does
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data; never compared
public record ExitOutputs(
    float[][][] logits,
    float[][] embeddings,
    int[] labels,
    int[] tokens,
    float[][] words,
    Stacking stacking,
    boolean[] withheld) {
  /** Outputs as the exits gave them. */
  public ExitOutputs(
      float[][][] logits, float[][] embeddings, int[] labels, int[] tokens, float[][] words) {
    this(logits, embeddings, labels, tokens, words, null, null);
  }

  /**
   * What was stacked onto the exits' logits.
   *
   * @param weights by depth, with 0 for the depth 0; [layers + 1]
   * @param alone the logits without it; [layers][rows][classes]
   */
  record Stacking(double[] weights, float[][][] alone) {
    Stacking plus(Stacking others) {
      return new Stacking(weights, ExitOutputs.plus(alone, others.alone));
    }
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
    return new ExitOutputs(logits, embeddings, labels, tokens, scores);
  }

  /** The same of the encoder's exits alone. */
  public ExitOutputs withoutWords() {
    return new ExitOutputs(
        stacking == null ? logits : stacking.alone(),
        embeddings,
        labels,
        tokens,
        null,
        null,
        withheld);
  }

  /**
   * The same with a part of the words' logits added to those of the exits, as {@link Exit#stacked}
   * does.
   *
   * @param weights by depth, with 0 for the depth 0; [layers + 1]
   */
  ExitOutputs stacked(double[] weights) {
    float[][][] sums = new float[layers()][rows()][];
    for (int depth = 1; depth <= layers(); depth++) {
      Exit exit = new Exit(depth, 1, List.of(0.0), weights[depth]);
      for (int row = 0; row < rows(); row++) {
        sums[depth - 1][row] = exit.stacked(logits[depth - 1][row], words[row]);
      }
    }
    return new ExitOutputs(
        sums, embeddings, labels, tokens, words, new Stacking(weights, logits), withheld);
  }

  /** The same as a bundle's exits stack them, where they do. */
  public ExitOutputs stacked(List<Exit> exits) {
    double[] weights = new double[layers() + 1];
    exits.forEach(exit -> weights[exit.depth()] = exit.wordsWeight());
    return Arrays.stream(weights).allMatch(weight -> weight == 0) ? this : stacked(weights);
  }

  /** Whether what words alone say was added to what the exits say. */
  boolean isStacked() {
    return stacking != null;
  }

  /** Factor of the words' logits at a depth. */
  double wordsWeight(int depth) {
    return stacking == null ? 0 : stacking.weights()[depth];
  }

  /** These rows and others. */
  ExitOutputs plus(ExitOutputs others) {
    float[][][] both = plus(logits, others.logits);
    return new ExitOutputs(
        both,
        plus(embeddings, others.embeddings),
        plus(labels, others.labels),
        plus(tokens, others.tokens),
        words == null ? null : plus(words, others.words),
        stacking == null ? null : stacking.plus(others.stacking),
        null);
  }

  private static float[][][] plus(float[][][] some, float[][][] others) {
    float[][][] both = new float[some.length][][];
    for (int layer = 0; layer < both.length; layer++) {
      both[layer] = plus(some[layer], others[layer]);
    }
    return both;
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
    return new ExitOutputs(logits, embeddings, labels, tokens, words, stacking, unsure);
  }

  /** What an exit answers a row with: a class, or -1 where that is withheld. */
  int answer(Exit exit, int row) {
    return exit.depth() == layers() && withheld != null && withheld[row]
        ? UnknownLabel.INDEX
        : read(exit, row).label();
  }

  /** Whether a row may be of no class, or be answered with none. */
  boolean mayBeUnknown() {
    return withheld != null || Arrays.stream(labels).anyMatch(label -> label == UnknownLabel.INDEX);
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
