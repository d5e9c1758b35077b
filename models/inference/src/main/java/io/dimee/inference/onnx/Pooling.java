package io.dimee.inference.onnx;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.tokenizer.TokenizedText;
import java.nio.FloatBuffer;

/**
 * What an exit reads from the hidden states [tokens, hidden].
 *
 * <p>A pair's early exits gain most from seeing its texts apart: after three layers attention has
 * hardly compared them, so the exit does, with the features of InferSent (arXiv 1705.02364).
 */
public enum Pooling {
  /** The mean over all tokens, u: [hidden]. */
  ALL(1, 1),
  /** The means over each text's tokens, u and v, as u, v, |u - v|, u * v: [4 hidden]. */
  BY_TEXT(2, 4);

  private final int means;
  private final int features;

  Pooling(int means, int features) {
    this.means = means;
    this.features = features;
  }

  /**
   * How the exits of a model pool.
   *
   * @param dense weights of the exits' first layer; [layers, features x hidden, width]
   * @param hidden the encoder's hidden size
   */
  static Pooling of(Tensor dense, int hidden) {
    int[] shape = dense.shape();
    for (Pooling pooling : values()) {
      if (shape.length == 3 && shape[1] == pooling.inputs(hidden)) {
        return pooling;
      }
    }
    throw new InvalidBundleException(
        Bundle.ADAPTER + " has exits that fit neither one text nor a pair");
  }

  /** Means over tokens that are taken: rows of the pooling matrix. */
  public int means() {
    return means;
  }

  /**
   * Values that an exit's first layer reads.
   *
   * @param hidden the encoder's hidden size
   */
  public int inputs(int hidden) {
    return features * hidden;
  }

  /**
   * Writes a text's pooling matrix, [means, width]: 1 / length for the tokens of each mean, else 0.
   * The mean over a text that is missing is 0.
   *
   * @param width columns, padding included
   */
  public void write(TokenizedText text, int width, FloatBuffer target, int offset) {
    int tokens = text.ids().length;
    if (this == ALL) {
      mean(0, tokens, width, target, offset);
    } else {
      mean(0, text.pairStart(), width, target, offset);
      mean(text.pairStart(), tokens, width, target, offset + width);
    }
  }

  private static void mean(int from, int to, int width, FloatBuffer target, int offset) {
    float share = 1f / (to - from);
    for (int i = 0; i < width; i++) {
      target.put(offset + i, i >= from && i < to ? share : 0);
    }
  }
}
