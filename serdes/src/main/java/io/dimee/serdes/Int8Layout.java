package io.dimee.serdes;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * Symmetric 8-bit quantization: all scales (binary32), one a token, and then 1 signed byte a value.
 * scale = max |x| / 127 over the row, q = round(x / scale) with ties to even, x' = scale * q.
 */
final class Int8Layout implements HiddenLayout {
  private static final int MAGNITUDE = 0x7FFFFFFF;

  /**
   * Rows whose largest magnitude is below this are written as zeros: their scale would be
   * subnormal, too coarse to keep |q| at 127 or less.
   */
  static final float LEAST_ROW = Byte.MAX_VALUE * Float.MIN_NORMAL;

  /** The largest scale whose 127-fold is finite; Float.MAX_VALUE / 127 itself is rounded up. */
  static final float LARGEST_SCALE = Math.nextDown(Float.MAX_VALUE / Byte.MAX_VALUE);

  /**
   * 1.5 * 2^23. One unit in the last place of a sum with it is 1, so adding it rounds a small value
   * to an integer, ties to even, and leaves that integer in the low bits.
   */
  private static final float ROUNDER = 0x1.8p23f;

  @Override
  public long size(int tokens, int hidden) {
    return (long) tokens * (Float.BYTES + (long) hidden);
  }

  @Override
  public float largest() {
    return Float.MAX_VALUE;
  }

  @Override
  public void write(FloatBuffer source, int offset, int tokens, int hidden, ByteBuffer target) {
    for (int token = 0; token < tokens; token++) {
      int row = offset + token * hidden;
      float scale = scale(source, row, hidden);
      target.putFloat(token * Float.BYTES, scale);
      if (scale == 0) {
        continue; // a new buffer holds zeros already
      }
      int out = tokens * Float.BYTES + token * hidden;
      for (int i = 0; i < hidden; i++) {
        float rounded = source.get(row + i) / scale + ROUNDER;
        target.put(out + i, (byte) Float.floatToRawIntBits(rounded));
      }
    }
  }

  private static float scale(FloatBuffer source, int row, int hidden) {
    int largest = 0;
    for (int i = 0; i < hidden; i++) {
      // without their sign, the bits of floats are ordered as the floats are
      largest = Math.max(largest, Float.floatToRawIntBits(source.get(row + i)) & MAGNITUDE);
    }
    float most = Float.intBitsToFloat(largest);
    return most < LEAST_ROW ? 0 : Math.min(most / Byte.MAX_VALUE, LARGEST_SCALE);
  }

  @Override
  public void check(ByteBuffer source, int tokens, int hidden) {
    for (int token = 0; token < tokens; token++) {
      float scale = source.getFloat(token * Float.BYTES);
      if (!(scale >= 0 && scale <= LARGEST_SCALE)) {
        throw new CorruptHiddenStateException(
            "scale %s of token %d is not between 0 and %s".formatted(scale, token, LARGEST_SCALE));
      }
    }
    int values = tokens * Float.BYTES;
    for (int i = 0; i < tokens * hidden; i++) {
      if (source.get(values + i) == Byte.MIN_VALUE) {
        throw new CorruptHiddenStateException(
            "token %d holds -128, which symmetric quantization never writes".formatted(i / hidden));
      }
    }
  }

  @Override
  public void read(ByteBuffer source, int tokens, int hidden, FloatBuffer target, int offset) {
    for (int token = 0; token < tokens; token++) {
      float scale = source.getFloat(token * Float.BYTES);
      int in = tokens * Float.BYTES + token * hidden;
      int row = offset + token * hidden;
      for (int i = 0; i < hidden; i++) {
        target.put(row + i, scale * source.get(in + i));
      }
    }
  }
}
