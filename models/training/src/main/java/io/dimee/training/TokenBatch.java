package io.dimee.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * A padded batch as tensors. They view Java memory, so they must stay open until backward has run.
 *
 * @param ids word pieces; [batch, tokens], int64
 * @param types token types; [batch, tokens], int64
 * @param positions 0, 1, ...; [tokens], int64
 * @param attention 0 for tokens, a large negative number for padding; [batch, 1, 1, tokens]
 * @param pooling 1 / length for tokens, 0 for padding; [batch, 1, tokens]
 * @param labels one-hot; [1, batch, classes]
 */
record TokenBatch(
    NDArray ids,
    NDArray types,
    NDArray positions,
    NDArray attention,
    NDArray pooling,
    NDArray labels) {
  private static final float MASKED = -10_000f;

  static TokenBatch of(NDManager manager, List<EncodedExample> rows, int classes) {
    int batch = rows.size();
    int tokens = rows.stream().mapToInt(EncodedExample::tokens).max().orElseThrow();
    long[] ids = new long[batch * tokens];
    long[] types = new long[batch * tokens];
    float[] attention = new float[batch * tokens];
    float[] pooling = new float[batch * tokens];
    float[] labels = new float[batch * classes];
    for (int row = 0; row < batch; row++) {
      EncodedExample example = rows.get(row);
      int[] source = example.text().ids();
      for (int i = 0; i < tokens; i++) {
        int at = row * tokens + i;
        boolean real = i < source.length;
        ids[at] = real ? source[i] : 0;
        types[at] = real && i >= example.text().pairStart() ? 1 : 0;
        attention[at] = real ? 0 : MASKED;
        pooling[at] = real ? 1f / source.length : 0;
      }
      labels[row * classes + example.label()] = 1;
    }
    long[] positions = new long[tokens];
    for (int i = 0; i < tokens; i++) {
      positions[i] = i;
    }
    return new TokenBatch(
        manager.create(ids, new Shape(batch, tokens)),
        manager.create(types, new Shape(batch, tokens)),
        manager.create(positions),
        manager.create(attention, new Shape(batch, 1, 1, tokens)),
        manager.create(pooling, new Shape(batch, 1, tokens)),
        manager.create(labels, new Shape(1, batch, classes)));
  }

  long size() {
    return ids.getShape().get(0);
  }

  long tokens() {
    return ids.getShape().get(1);
  }
}
