package io.dimee.serdes;

import io.dimee.avro.HiddenState;
import io.dimee.avro.HiddenStateCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Encodes a hidden state, the matrix [tokens, hidden] of fp32 values in row-major order, for the
 * wire. All layouts are little-endian.
 *
 * <ul>
 *   <li>{@link #FP32}: 4 bytes a value; exact.
 *   <li>{@link #FP16}: IEEE 754 binary16, rounded to nearest even; 2 bytes a value; relative error
 *       at most 2^-11 for magnitudes from 2^-14 to 65,504, absolute error at most 2^-25 below;
 *       larger magnitudes are refused.
 *   <li>{@link #INT8}: symmetric, one scale a token: scale = max |x| / 127 over the row, q =
 *       round(x / scale) with ties to even, x' = scale * q; all scales (binary32) first, then 1
 *       byte a value; absolute error at most scale / 2, but for the rounding of fp32 itself. A row
 *       whose max |x| is below 127 * 2^-126 has scale 0 and is read as zeros.
 * </ul>
 *
 * Stateless and safe for several threads.
 */
public enum HiddenCodec {
  FP32(HiddenStateCodec.FP32, new Fp32Layout()),
  FP16(HiddenStateCodec.FP16, new Fp16Layout()),
  INT8(HiddenStateCodec.INT8, new Int8Layout());

  private static final int MAGNITUDE = 0x7FFFFFFF;

  private final HiddenStateCodec wire;

  @SuppressWarnings("ImmutableEnumChecker") // no layout has a field
  private final HiddenLayout layout;

  HiddenCodec(HiddenStateCodec wire, HiddenLayout layout) {
    this.wire = wire;
    this.layout = layout;
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

  /**
   * Returns the bytes of an encoded matrix.
   *
   * @throws IllegalArgumentException when a dimension is not positive, or the matrix is too large
   *     for one array
   */
  public int encodedSize(int tokens, int hidden) {
    long cells = (long) tokens * hidden;
    if (tokens < 1 || hidden < 1 || cells > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "shape [%d, %d] is empty or too large for a hidden state".formatted(tokens, hidden));
    }
    long size = layout.size(tokens, hidden);
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "shape [%d, %d] needs %d bytes as %s, more than one record holds"
              .formatted(tokens, hidden, size, this));
    }
    return (int) size;
  }

  /**
   * Encodes a matrix. Allocates the encoded bytes and nothing else of their order.
   *
   * @param source holds the matrix [tokens, hidden] from offset on, best a direct buffer in native
   *     byte order; its position is ignored and kept
   * @throws UnencodableHiddenStateException when a value is not finite, or too large for the codec
   * @throws IllegalArgumentException when a dimension is not positive
   * @throws IndexOutOfBoundsException when the matrix reaches beyond the source's limit
   */
  public HiddenState encode(FloatBuffer source, int offset, int tokens, int hidden) {
    int size = encodedSize(tokens, hidden);
    Objects.checkFromIndexSize(offset, tokens * hidden, source.limit());
    requireEncodable(source, offset, tokens, hidden);
    ByteBuffer data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    layout.write(source, offset, tokens, hidden, data);
    return new HiddenState(wire, tokens, hidden, data);
  }

  private void requireEncodable(FloatBuffer source, int offset, int tokens, int hidden) {
    // without their sign, the bits of floats are ordered as the floats are, NaN last: one integer
    // comparison a value covers NaN, infinity and overflow
    int largest = Float.floatToRawIntBits(layout.largest());
    for (int i = 0; i < tokens * hidden; i++) {
      float value = source.get(offset + i);
      if ((Float.floatToRawIntBits(value) & MAGNITUDE) > largest) {
        throw new UnencodableHiddenStateException(
            "value %s of token %d is not finite or above %s, the largest that %s holds"
                .formatted(value, i / hidden, layout.largest(), this));
      }
    }
  }

  /**
   * Checks everything that decoding relies on: a known codec, the expected shape, data of exactly
   * the length that codec and shape demand, and values that an encoder can have written. Allocates
   * nothing of the state's order.
   *
   * @param tokens rows that the reader expects
   * @param hidden columns that the reader expects
   * @throws CorruptHiddenStateException when something is wrong
   * @throws IllegalArgumentException when the expected shape is itself empty or too large
   */
  public static void check(HiddenState state, int tokens, int hidden) {
    HiddenCodec codec = codec(state);
    codec.layout.check(codec.data(state, tokens, hidden), tokens, hidden);
  }

  /**
   * Decodes a hidden state into a batch's input. Nothing is written unless all of the state is
   * sound.
   *
   * @param tokens rows that the reader expects
   * @param hidden columns that the reader expects; also the stride of the rows in the target
   * @param target receives the matrix [tokens, hidden] from offset on; its position is ignored and
   *     kept
   * @throws CorruptHiddenStateException as {@link #check} does; the target is then untouched
   * @throws IllegalArgumentException when the expected shape is itself empty or too large
   * @throws IndexOutOfBoundsException when the matrix would reach beyond the target's limit; the
   *     target is then untouched
   */
  public static void decode(
      HiddenState state, int tokens, int hidden, FloatBuffer target, int offset) {
    HiddenCodec codec = codec(state);
    ByteBuffer data = codec.data(state, tokens, hidden);
    Objects.checkFromIndexSize(offset, tokens * hidden, target.limit());
    codec.layout.check(data, tokens, hidden);
    codec.layout.read(data, tokens, hidden, target, offset);
  }

  private static HiddenCodec codec(HiddenState state) {
    for (HiddenCodec codec : values()) {
      if (codec.wire == state.getCodec()) {
        return codec;
      }
    }
    throw new CorruptHiddenStateException(
        "codec %s is not one of %s".formatted(state.getCodec(), names()));
  }

  /** Returns a state's bytes, which have the length that the expected shape demands. */
  private ByteBuffer data(HiddenState state, int tokens, int hidden) {
    int expected = encodedSize(tokens, hidden);
    if (state.getTokens() != tokens || state.getHidden() != hidden) {
      throw new CorruptHiddenStateException(
          "shape [%d, %d] is not the expected [%d, %d]"
              .formatted(state.getTokens(), state.getHidden(), tokens, hidden));
    }
    if (state.getData() == null) {
      throw new CorruptHiddenStateException("the data are missing");
    }
    if (state.getData().remaining() != expected) {
      throw new CorruptHiddenStateException(
          "%s data of shape [%d, %d] have %d bytes instead of %d"
              .formatted(this, tokens, hidden, state.getData().remaining(), expected));
    }
    return state.getData().slice().order(ByteOrder.LITTLE_ENDIAN);
  }
}
