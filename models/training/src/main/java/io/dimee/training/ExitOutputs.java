package io.dimee.training;

import io.dimee.inference.Exit;
import io.dimee.inference.ExitReading;

/**
 * What every exit says about every row of a data set, and the router's feature: all that
 * calibration needs, so that it never runs the model again.
 *
 * @param logits [layers][rows][classes]
 * @param embeddings mean embedding-layer output; [rows][hidden]
 * @param labels [rows]
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data; never compared
public record ExitOutputs(float[][][] logits, float[][] embeddings, int[] labels) {
  /** Number of rows. */
  public int rows() {
    return labels.length;
  }

  /** Number of exits. */
  public int layers() {
    return logits.length;
  }

  /** What a calibrated exit says about a row. */
  public ExitReading read(Exit exit, int row) {
    return exit.read(logits[exit.depth() - 1][row]);
  }

  /** Share of rows that the exit at a depth labels rightly. */
  public double accuracy(int depth) {
    int right = 0;
    for (int row = 0; row < rows(); row++) {
      right += ExitReading.of(depth, logits[depth - 1][row], 1).label() == labels[row] ? 1 : 0;
    }
    return (double) right / rows();
  }
}
