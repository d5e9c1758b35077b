package io.dimee.calibration.fit;

import io.dimee.calibration.data.Score;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import java.util.stream.IntStream;

/**
 * What every exit says about every row of a data set, and the router's feature: all that
 * calibration needs, so that it never runs the model again.
 *
 * @param logits [layers][rows][classes]
 * @param embeddings mean embedding-layer output; [rows][hidden]
 * @param labels [rows]
 * @param tokens number of tokens, special tokens included; [rows]
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data; never compared
public record ExitOutputs(float[][][] logits, float[][] embeddings, int[] labels, int[] tokens) {
  /** Number of rows. */
  public int rows() {
    return labels.length;
  }

  /** Number of exits. */
  public int layers() {
    return logits.length;
  }

  /** All rows, by their indices. */
  public int[] allRows() {
    return IntStream.range(0, rows()).toArray();
  }

  /** What a calibrated exit says about a row. */
  public ExitReading read(Exit exit, int row) {
    return exit.read(logits[exit.depth() - 1][row]);
  }

  /**
   * Log-odds of the confidence of the exit at a depth: log(c / (1 - c)), exact also where c itself
   * rounds to 1.
   */
  public double logOdds(int depth, int row, double temperature) {
    float[] scores = logits[depth - 1][row];
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
      answers[row] = ExitReading.of(depth, logits[depth - 1][row], 1).label();
    }
    return answers;
  }

  /** Share of rows that the exit at a depth labels rightly. */
  public double accuracy(int depth) {
    return Score.ACCURACY.of(labels, answers(depth));
  }
}
