package io.dimee.serdes;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** 2 bytes a value: IEEE 754 binary16, rounded to nearest even. */
final class Fp16Layout implements HiddenLayout {
  @Override
  public long size(int tokens, int hidden) {
    return (long) tokens * hidden * Short.BYTES;
  }

  @Override
  public float largest() {
    return HalfFloat.LARGEST;
  }

  @Override
  public void write(FloatBuffer source, int offset, int tokens, int hidden, ByteBuffer target) {
    for (int i = 0; i < tokens * hidden; i++) {
      target.putShort(i * Short.BYTES, HalfFloat.fromFloat(source.get(offset + i)));
    }
  }

  @Override
  public void check(ByteBuffer source, int tokens, int hidden) {
    for (int i = 0; i < tokens * hidden; i++) {
      short half = source.getShort(i * Short.BYTES);
      if (!HalfFloat.isFinite(half)) {
        throw new CorruptHiddenStateException(
            "token %d holds the value %s".formatted(i / hidden, HalfFloat.toFloat(half)));
      }
    }
  }

  @Override
  public void read(ByteBuffer source, int tokens, int hidden, FloatBuffer target, int offset) {
    for (int i = 0; i < tokens * hidden; i++) {
      target.put(offset + i, HalfFloat.finiteToFloat(source.getShort(i * Short.BYTES)));
    }
  }
}
