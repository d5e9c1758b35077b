package io.dimee.serdes;

import io.dimee.avro.HiddenState;
import io.dimee.avro.HiddenStateCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Encodes a hidden state, the matrix [tokens, hidden] of fp32 values in row-major order, for the
 * wire. All layouts are little-endian.
 *
 * <ul>
 *   <li>{@link #FP32}: 4 bytes a value; exact.
 *   <li>{@link #FP16}: IEEE 754 binary16, rounded to nearest even; 2 bytes a value; relative error
 *       at most 2^-11 for magnitudes from 2^-14, absolute error at most 2^-25 below.
 *   <li>{@link #INT8}: symmetric, one scale a token: scale = max |x| / 127 over the row, q =
 *       round(x / scale), x' = scale * q; all scales (binary32) first, then 1 byte a value;
 *       absolute error at most scale / 2.
 * </ul>
 *
 * Stateless and safe for several threads.
 */
public enum HiddenCodec {
  FP32(HiddenStateCodec.FP32) {
    @Override
    long size(long tokens, long hidden) {
      return tokens * hidden * Float.BYTES;
    }

    @Override
    void encodeTo(ByteBuffer target, FloatBuffer source, int offset, int tokens, int hidden) {
      target.asFloatBuffer().put(0, source, offset, tokens * hidden);
    }

    @Override
    void decodeTo(FloatBuffer target, int offset, ByteBuffer source, int tokens, int hidden) {
      FloatBuffer values = source.asFloatBuffer();
      for (int i = 0; i < tokens * hidden; i++) {
        requireFinite(values.get(i), i, hidden);
      }
      target.put(offset, values, 0, tokens * hidden);
    }
  },

  FP16(HiddenStateCodec.FP16) {
    @Override
    long size(long tokens, long hidden) {
      return tokens * hidden * Short.BYTES;
    }

    @Override
    void encodeTo(ByteBuffer target, FloatBuffer source, int offset, int tokens, int hidden) {
      for (int i = 0; i < tokens * hidden; i++) {
        short half = HalfFloat.fromFloat(source.get(offset + i));
        if (!HalfFloat.isFinite(half)) {
          throw new IllegalArgumentException(
              "value %s at token %d is too large for fp16"
                  .formatted(source.get(offset + i), i / hidden));
        }
        target.putShort(i * Short.BYTES, half);
      }
    }

    @Override
    void decodeTo(FloatBuffer target, int offset, ByteBuffer source, int tokens, int hidden) {
      for (int i = 0; i < tokens * hidden; i++) {
        float value = HalfFloat.toFloat(source.getShort(i * Short.BYTES));
        requireFinite(value, i, hidden);
        target.put(offset + i, value);
      }
    }
  },

  INT8(HiddenStateCodec.INT8) {
    @Override
    long size(long tokens, long hidden) {
      return tokens * (hidden + Float.BYTES);
    }

    @Override
    void encodeTo(ByteBuffer target, FloatBuffer source, int offset, int tokens, int hidden) {
      for (int token = 0; token < tokens; token++) {
        int row = offset + token * hidden;
        float most = 0;
        for (int i = 0; i < hidden; i++) {
          most = Math.max(most, Math.abs(source.get(row + i)));
        }
        float scale = most / Byte.MAX_VALUE;
        target.putFloat(token * Float.BYTES, scale);
        int out = tokens * Float.BYTES + token * hidden;
        for (int i = 0; i < hidden; i++) {
          // a row whose largest value is subnormal may round to scale 0
          int quantized = scale == 0 ? 0 : Math.round(source.get(row + i) / scale);
          target.put(
              out + i, (byte) Math.max(-Byte.MAX_VALUE, Math.min(Byte.MAX_VALUE, quantized)));
        }
      }
    }

    @Override
    void decodeTo(FloatBuffer target, int offset, ByteBuffer source, int tokens, int hidden) {
      for (int token = 0; token < tokens; token++) {
        float scale = source.getFloat(token * Float.BYTES);
        if (!(scale >= 0 && scale <= Float.MAX_VALUE / Byte.MAX_VALUE)) {
          throw new CorruptHiddenStateException(
              "scale %s of token %d is no finite number of 0 or more".formatted(scale, token));
        }
        int in = tokens * Float.BYTES + token * hidden;
        int row = offset + token * hidden;
        for (int i = 0; i < hidden; i++) {
          byte quantized = source.get(in + i);
          if (quantized == Byte.MIN_VALUE) {
            throw new CorruptHiddenStateException(
                "token %d holds -128, which symmetric quantization never writes".formatted(token));
          }
          target.put(row + i, scale * quantized);
        }
      }
    }
  };

  private final HiddenStateCodec wire;

  HiddenCodec(HiddenStateCodec wire) {
    this.wire = wire;
  }

  /**
   * Finds a codec by its name, in any case.
   *
   * @throws IllegalArgumentException when there is none; the message lists those that exist
   */
  public static HiddenCodec of(String name) {
    return Arrays.stream(values())
        .filter(codec -> codec.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "hidden-codec=%s is not known; valid: %s".formatted(name, names())));
  }

  private static List<String> names() {
    return Arrays.stream(values()).map(codec -> codec.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** Bytes of an encoded matrix, by this codec's layout. */
  abstract long size(long tokens, long hidden);

  abstract void encodeTo(ByteBuffer target, FloatBuffer source, int offset, int tokens, int hidden);

  abstract void decodeTo(FloatBuffer target, int offset, ByteBuffer source, int tokens, int hidden);

  /** Bytes of an encoded matrix. */
  public int encodedSize(int tokens, int hidden) {
    return Math.toIntExact(size(tokens, hidden));
  }

  /**
   * Encodes a matrix.
   *
   * @param source holds the matrix [tokens, hidden] from offset on; its position is ignored
   * @throws IllegalArgumentException when a value is not finite, or too large for the codec
   */
  public HiddenState encode(FloatBuffer source, int offset, int tokens, int hidden) {
    if (tokens < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "a hidden state of shape [%d, %d] is empty".formatted(tokens, hidden));
    }
    for (int i = 0; i < tokens * hidden; i++) {
      if (!Float.isFinite(source.get(offset + i))) {
        throw new IllegalArgumentException(
            "value %s at token %d is not finite".formatted(source.get(offset + i), i / hidden));
      }
    }
    ByteBuffer data =
        ByteBuffer.allocate(encodedSize(tokens, hidden)).order(ByteOrder.LITTLE_ENDIAN);
    encodeTo(data, source, offset, tokens, hidden);
    return new HiddenState(wire, tokens, hidden, data);
  }

  /**
   * Checks a hidden state's shape against what its reader expects, and its data's length against
   * its shape.
   *
   * @throws CorruptHiddenStateException when they differ
   */
  public static void check(HiddenState state, int tokens, int hidden) {
    if (state.getTokens() != tokens || state.getHidden() != hidden) {
      throw new CorruptHiddenStateException(
          "shape [%d, %d] is not the expected [%d, %d]"
              .formatted(state.getTokens(), state.getHidden(), tokens, hidden));
    }
    long expected = codec(state).size(tokens, hidden);
    if (state.getData().remaining() != expected) {
      throw new CorruptHiddenStateException(
          "%s data of shape [%d, %d] has %d bytes, not %d"
              .formatted(state.getCodec(), tokens, hidden, state.getData().remaining(), expected));
    }
  }

  /**
   * Decodes a hidden state into a batch's input.
   *
   * @param tokens rows that the reader expects
   * @param hidden columns that the reader expects
   * @param target receives the matrix [tokens, hidden] from offset on; its position is ignored
   * @throws CorruptHiddenStateException when the state is not of that shape or holds a value that
   *     no encoder writes; the target's part may then be partly written
   */
  public static void decode(
      HiddenState state, int tokens, int hidden, FloatBuffer target, int offset) {
    check(state, tokens, hidden);
    ByteBuffer data = state.getData().slice().order(ByteOrder.LITTLE_ENDIAN);
    codec(state).decodeTo(target, offset, data, tokens, hidden);
  }

  private static HiddenCodec codec(HiddenState state) {
    for (HiddenCodec codec : values()) {
      if (codec.wire == state.getCodec()) {
        return codec;
      }
    }
    throw new CorruptHiddenStateException("codec %s is not known".formatted(state.getCodec()));
  }

  private static void requireFinite(float value, int index, int hidden) {
    if (!Float.isFinite(value)) {
      throw new CorruptHiddenStateException(
          "token %d holds the value %s".formatted(index / hidden, value));
    }
  }
}
