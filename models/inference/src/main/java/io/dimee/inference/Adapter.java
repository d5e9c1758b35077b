package io.dimee.inference;

import java.nio.FloatBuffer;
import java.util.Map;

/**
 * The fine-tuned encoder: the backbone's weights plus a bundle's difference to them. A dense weight
 * W, [in, out], becomes W + A B with A [in, rank] and B [rank, out] (LoRA, arXiv 2106.09685);
 * biases and LayerNorms are replaced.
 */
public final class Adapter {
  /** Ends the name of a dense weight's first factor. */
  public static final String FACTOR_A = ".lora_a";

  /** Ends the name of a dense weight's second factor. */
  public static final String FACTOR_B = ".lora_b";

  private final Backbone backbone;
  private final Map<String, Tensor> difference;

  /** Combines a backbone and a bundle's difference to it. */
  public Adapter(Backbone backbone, Map<String, Tensor> difference) {
    this.backbone = backbone;
    this.difference = difference;
  }

  /** Returns an exit's own weight, which the backbone has not. */
  public Tensor exitWeight(String name) {
    Tensor tensor = difference.get(name);
    if (tensor == null) {
      throw new InvalidBundleException(Bundle.ADAPTER + " lacks the tensor " + name);
    }
    return tensor;
  }

  /** Returns the fine-tuned weight that has this name in the backbone. */
  public Tensor weight(String name) {
    Tensor base = backbone.weight(name);
    Tensor replaced = difference.get(name);
    if (replaced != null) {
      return replaced.requireShape(name, base.shape());
    }
    Tensor a = difference.get(name + FACTOR_A);
    Tensor b = difference.get(name + FACTOR_B);
    return a == null || b == null ? base : merge(name, base, a, b);
  }

  private static Tensor merge(String name, Tensor base, Tensor a, Tensor b) {
    int rows = base.shape()[0];
    int columns = base.shape()[1];
    int rank = a.shape()[a.shape().length - 1];
    a.requireShape(name + FACTOR_A, rows, rank);
    b.requireShape(name + FACTOR_B, rank, columns);
    float[] merged = base.toArray();
    float[] factors = b.toArray();
    FloatBuffer left = a.values();
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < rank; k++) {
        float factor = left.get(row * rank + k);
        for (int column = 0; column < columns; column++) {
          merged[row * columns + column] += factor * factors[k * columns + column];
        }
      }
    }
    return Tensor.of(merged, rows, columns);
  }
}
