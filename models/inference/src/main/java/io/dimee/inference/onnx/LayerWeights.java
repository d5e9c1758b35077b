package io.dimee.inference.onnx;

import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Tensor;
import java.nio.FloatBuffer;

/** One encoder layer's fine-tuned weights. */
record LayerWeights(Adapter weights, int layer) {
  /** Begin of the layer's names. */
  String prefix() {
    return "encoder.layer." + layer + ".";
  }

  /** A weight by the rest of its name. */
  Tensor weight(String name) {
    return weights.weight(prefix() + name);
  }

  /** Attention heads. */
  int heads() {
    return weights.architecture().heads();
  }

  /** Query, key and value side by side; [in, 3 out]. */
  Tensor attentionWeight() {
    return besideEachOther(".weight");
  }

  /** Their biases; [3 out]. */
  Tensor attentionBias() {
    return besideEachOther(".bias");
  }

  private Tensor besideEachOther(String suffix) {
    Tensor[] parts = {
      weight("attention.self.query" + suffix),
      weight("attention.self.key" + suffix),
      weight("attention.self.value" + suffix)
    };
    int[] shape = parts[0].shape();
    int rows = shape.length == 1 ? 1 : shape[0];
    int columns = shape[shape.length - 1];
    float[] joined = new float[rows * columns * parts.length];
    for (int part = 0; part < parts.length; part++) {
      FloatBuffer values = parts[part].values();
      for (int row = 0; row < rows; row++) {
        values.get(row * columns, joined, (row * parts.length + part) * columns, columns);
      }
    }
    return shape.length == 1
        ? Tensor.of(joined, columns * parts.length)
        : Tensor.of(joined, rows, columns * parts.length);
  }
}
