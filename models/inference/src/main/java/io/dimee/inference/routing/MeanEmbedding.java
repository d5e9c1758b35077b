package io.dimee.inference.routing;

import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.tokenizer.TokenizedText;
import java.nio.FloatBuffer;

/**
 * The router's feature: the mean over an event's tokens of the encoder's embedding layer,
 * LayerNorm(word + position + token type). It needs no transformer layer.
 */
public final class MeanEmbedding {
  private final FloatBuffer words;
  private final FloatBuffer positions;
  private final FloatBuffer types;
  private final float[] gamma;
  private final float[] beta;
  private final int hidden;

  /**
   * Creates the feature from the embedding layer's weights.
   *
   * @param words [vocabulary, hidden]
   * @param positions [positions, hidden]
   * @param types [2, hidden]
   * @param gamma scale of the LayerNorm; [hidden]
   * @param beta shift of the LayerNorm; [hidden]
   */
  public MeanEmbedding(Tensor words, Tensor positions, Tensor types, Tensor gamma, Tensor beta) {
    this.words = words.values();
    this.positions = positions.values();
    this.types = types.values();
    this.gamma = gamma.toArray();
    this.beta = beta.toArray();
    this.hidden = this.gamma.length;
  }

  /** Computes the feature; [hidden]. */
  public float[] of(TokenizedText text) {
    float[] sum = new float[hidden];
    float[] row = new float[hidden];
    int[] ids = text.ids();
    for (int token = 0; token < ids.length; token++) {
      addNormalized(ids[token], token, token >= text.pairStart() ? 1 : 0, row, sum);
    }
    for (int i = 0; i < hidden; i++) {
      sum[i] = gamma[i] * sum[i] / ids.length + beta[i];
    }
    return sum;
  }

  /**
   * Adds (x - mean) / deviation; scale and shift are linear, so they are applied once to the mean.
   */
  private void addNormalized(int id, int position, int type, float[] row, float[] sum) {
    int word = id * hidden;
    int place = position * hidden;
    int kind = type * hidden;
    float mean = 0;
    for (int i = 0; i < hidden; i++) {
      row[i] = words.get(word + i) + positions.get(place + i) + types.get(kind + i);
      mean += row[i];
    }
    mean /= hidden;
    float variance = 0;
    for (int i = 0; i < hidden; i++) {
      row[i] -= mean;
      variance += row[i] * row[i];
    }
    float scale = (float) (1 / Math.sqrt(variance / hidden + Architecture.LAYER_NORM_EPSILON));
    for (int i = 0; i < hidden; i++) {
      sum[i] += row[i] * scale;
    }
  }
}
