package io.dimee.inference.onnx;

import io.dimee.inference.bundle.Tensor;

/**
 * A dense weight as 8-bit integers: W[i, j] = scale[j] * value[i, j]. Symmetric, since weights are
 * centred on zero, and by column, since columns differ in size more than anything within one.
 *
 * @param values row-major; [in * out], -127 to 127
 * @param scales one a column; [out]
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data; never compared
public record Int8Weight(byte[] values, float[] scales) {
  private static final int MOST = 127;

  /** Rounds to the nearest; the largest value of a column is exact. */
  public static Int8Weight of(Tensor weight) {
    int columns = weight.shape()[1];
    float[] exact = weight.toArray();
    float[] scales = new float[columns];
    for (int i = 0; i < exact.length; i++) {
      scales[i % columns] = Math.max(scales[i % columns], Math.abs(exact[i]) / MOST);
    }
    byte[] values = new byte[exact.length];
    for (int i = 0; i < exact.length; i++) {
      float scale = scales[i % columns];
      values[i] = scale == 0 ? 0 : (byte) Math.round(exact[i] / scale);
    }
    return new Int8Weight(values, scales);
  }
}
