package io.dimee.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.dimee.calibration.data.EncodedExample;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * What an encoder that is not trained gives the exits, row by row: computed once, read each epoch.
 */
final class FrozenFeatures {
  private final IdentityHashMap<EncodedExample, float[]> byRow = new IdentityHashMap<>();
  private final int layers;

  FrozenFeatures(int layers) {
    this.layers = layers;
  }

  /**
   * Keeps the features of a batch.
   *
   * @param features [layers, batch, inputs]
   */
  void add(List<EncodedExample> rows, NDArray features) {
    float[] flat = features.toFloatArray();
    int inputs = flat.length / layers / rows.size();
    for (int i = 0; i < rows.size(); i++) {
      float[] own = new float[layers * inputs];
      for (int layer = 0; layer < layers; layer++) {
        System.arraycopy(flat, (layer * rows.size() + i) * inputs, own, layer * inputs, inputs);
      }
      byRow.put(rows.get(i), own);
    }
  }

  /** Whether the features of all rows are kept. */
  boolean has(List<EncodedExample> rows) {
    return byRow.keySet().containsAll(rows);
  }

  /** The features of rows, as the encoder would give them; [layers, batch, inputs]. */
  NDArray of(NDManager manager, List<EncodedExample> rows) {
    int inputs = byRow.get(rows.get(0)).length / layers;
    float[] flat = new float[layers * rows.size() * inputs];
    for (int i = 0; i < rows.size(); i++) {
      float[] own = byRow.get(rows.get(i));
      for (int layer = 0; layer < layers; layer++) {
        System.arraycopy(own, layer * inputs, flat, (layer * rows.size() + i) * inputs, inputs);
      }
    }
    return manager.create(flat, new Shape(layers, rows.size(), inputs));
  }
}
