package io.dimee.inference.bundle;

import java.nio.FloatBuffer;

/**
 * A fine-tuned dense weight as its difference to the backbone's, in two bits a value: W = base +
 * scale[column] * level[code], with the levels of the best four-level quantizer of a normal
 * distribution (Max 1960, "Quantizing for minimum distortion"). Differences of fine-tuning are
 * small and close to normal in each column, so that two bits keep what matters; a low-rank
 * difference of the same size loses more.
 *
 * @param codes four codes a byte, the first in the lowest bits, row-major; [in * out / 4], values 0
 *     to 255
 * @param scales one a column; [out]
 */
public record QuantizedDelta(Tensor codes, Tensor scales) {
  private static final float[] LEVELS = {-1.510f, -0.4528f, 0.4528f, 1.510f};

  /** Between the inner and the outer level. */
  private static final float BOUNDARY = 0.9816f;

  private static final int CODES_PER_BYTE = 4;
  private static final int BITS = 2;
  private static final int MASK = 3;
  private static final int FITS = 3;

  /**
   * Quantizes a difference.
   *
   * @param base the backbone's weight; [in, out]
   * @param tuned the fine-tuned weight; [in, out]
   */
  public static QuantizedDelta of(Tensor base, Tensor tuned) {
    int rows = base.shape()[0];
    int columns = base.shape()[1];
    if (columns % CODES_PER_BYTE != 0) {
      throw new IllegalArgumentException(columns + " columns do not fill whole bytes");
    }
    float[] delta = tuned.toArray();
    FloatBuffer from = base.values();
    for (int i = 0; i < delta.length; i++) {
      delta[i] -= from.get(i);
    }
    float[] scales = new float[columns];
    for (int column = 0; column < columns; column++) {
      scales[column] = fitScale(delta, rows, columns, column);
    }
    float[] codes = new float[delta.length / CODES_PER_BYTE];
    for (int i = 0; i < delta.length; i++) {
      int shift = i % CODES_PER_BYTE * BITS;
      codes[i / CODES_PER_BYTE] += code(delta[i], scales[i % columns]) << shift;
    }
    return new QuantizedDelta(Tensor.of(codes, codes.length), Tensor.of(scales, columns));
  }

  /** Least squares for the scale and nearest levels in turn, from the standard deviation. */
  private static float fitScale(float[] delta, int rows, int columns, int column) {
    double squares = 0;
    for (int row = 0; row < rows; row++) {
      double value = delta[row * columns + column];
      squares += value * value;
    }
    float scale = (float) Math.sqrt(squares / rows);
    for (int i = 0; i < FITS && scale > 0; i++) {
      double product = 0;
      double levels = 0;
      for (int row = 0; row < rows; row++) {
        float value = delta[row * columns + column];
        float level = LEVELS[code(value, scale)];
        product += value * level;
        levels += level * level;
      }
      scale = (float) (product / levels);
    }
    return scale;
  }

  private static int code(float value, float scale) {
    if (Math.abs(value) > BOUNDARY * scale) {
      return value < 0 ? 0 : LEVELS.length - 1;
    }
    return value < 0 ? 1 : 2;
  }

  /** The fine-tuned weight; [in, out]. */
  public Tensor addTo(Tensor base) {
    int columns = base.shape()[1];
    float[] tuned = base.toArray();
    if (codes.values().remaining() * CODES_PER_BYTE != tuned.length) {
      throw new InvalidBundleException(
          "%d codes do not fit a weight of %d values"
              .formatted(codes.values().remaining() * CODES_PER_BYTE, tuned.length));
    }
    scales.requireShape("delta scales", columns);
    FloatBuffer packed = codes.values();
    FloatBuffer scale = scales.values();
    for (int i = 0; i < tuned.length; i++) {
      int code = ((int) packed.get(i / CODES_PER_BYTE) >>> (i % CODES_PER_BYTE * BITS)) & MASK;
      tuned[i] += scale.get(i % columns) * LEVELS[code];
    }
    return Tensor.of(tuned, base.shape());
  }
}
