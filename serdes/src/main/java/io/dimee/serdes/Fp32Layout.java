package io.dimee.serdes;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** 4 bytes a value, as they are. */
final class Fp32Layout implements HiddenLayout {
  private static final int EXPONENT = 0x7F800000;

  @Override
  public long size(int tokens, int hidden) {
    return (long) tokens * hidden * Float.BYTES;
  }

  @Override
  public float largest() {
    return Float.MAX_VALUE;
  }

  @Override
  public void write(FloatBuffer source, int offset, int tokens, int hidden, ByteBuffer target) {
    target.asFloatBuffer().put(0, source, offset, tokens * hidden);
  }

  @Override
  public void check(ByteBuffer source, int tokens, int hidden) {
    for (int i = 0; i < tokens * hidden; i++) {
      if ((source.getInt(i * Float.BYTES) & EXPONENT) == EXPONENT) {
        throw new CorruptHiddenStateException(
            "token %d holds the value %s".formatted(i / hidden, source.getFloat(i * Float.BYTES)));
      }
    }
  }

  @Override
  public void read(ByteBuffer source, int tokens, int hidden, FloatBuffer target, int offset) {
    target.put(offset, source.asFloatBuffer(), 0, tokens * hidden);
  }
}
