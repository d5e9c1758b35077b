package io.dimee.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.dimee.calibration.data.EncodedExample;
import io.dimee.inference.onnx.Pooling;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A padded batch as tensors. They view Java memory, so they must stay open until backward has run.
 *
 * @param ids token ids; [batch, tokens], int64
 * @param types token types; [batch, tokens], int64
 * @param positions 0, 1, ...; [tokens], int64
 * @param attention 0 for tokens, a large negative number for padding; [batch, 1, 1, tokens]
 * @param mean averages all tokens; [batch, 1, tokens]
 * @param means one average each that the exits read; [batch, 1, tokens]
 * @param labels one-hot, all zeros for a row of no class; [1, batch, classes]
 */
record TokenBatch(
    NDArray ids,
    NDArray types,
    NDArray positions,
    NDArray attention,
    NDArray mean,
    List<NDArray> means,
    NDArray labels) {
  private static final float MASKED = -10_000f;

  static TokenBatch of(NDManager manager, List<EncodedExample> rows, int classes, Pooling pooling) {
    int batch = rows.size();
    int tokens = rows.stream().mapToInt(EncodedExample::tokens).max().orElseThrow();
    long[] ids = new long[batch * tokens];
    long[] types = new long[batch * tokens];
    float[] attention = new float[batch * tokens];
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
      }
      if (example.label() >= 0) {
        labels[row * classes + example.label()] = 1;
      }
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
        means(manager, rows, tokens, Pooling.ALL).get(0),
        means(manager, rows, tokens, pooling),
        manager.create(labels, new Shape(1, batch, classes)));
  }

  private static List<NDArray> means(
      NDManager manager, List<EncodedExample> rows, int tokens, Pooling pooling) {
    FloatBuffer matrices = FloatBuffer.allocate(pooling.means() * rows.size() * tokens);
    for (int row = 0; row < rows.size(); row++) {
      pooling.write(rows.get(row).text(), tokens, matrices, row * pooling.means() * tokens);
    }
    NDList means =
        manager
            .create(matrices, new Shape(rows.size(), pooling.means(), tokens))
            .split(pooling.means(), 1);
    return List.copyOf(means);
  }

  long size() {
    return ids.getShape().get(0);
  }

  long tokens() {
    return ids.getShape().get(1);
  }
}
