package io.dimee.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dimee.avro.HiddenState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class HiddenCodecPropertyTest {
  private static final float UNTOUCHED = 42;

  /** A matrix [tokens, values.length / tokens]. */
  static final class Matrix {
    private final int tokens;
    private final float[] values;

    Matrix(int tokens, float[] values) {
      this.tokens = tokens;
      this.values = values;
    }

    int hidden() {
      return values.length / tokens;
    }

    FloatBuffer at(int offset) {
      FloatBuffer buffer = Samples.direct(offset + values.length + 3);
      buffer.put(offset, values);
      return buffer;
    }

    HiddenState encode(HiddenCodec codec) {
      return codec.encode(at(5), 5, tokens, hidden());
    }

    float[] decode(HiddenState state) {
      float[] decoded = new float[values.length];
      HiddenCodec.decode(state, tokens, hidden(), FloatBuffer.wrap(decoded), 0);
      return decoded;
    }

    @Override
    public String toString() {
      return "[%d, %d] %s".formatted(tokens, hidden(), Arrays.toString(values));
    }
  }

  @Provide
  Arbitrary<Matrix> ordinary() {
    return matrices(Arbitraries.floats().between(-60_000, 60_000));
  }

  /**
   * Any finite value; rows keep to one order of magnitude, so that all magnitudes get their turn.
   */
  @Provide
  Arbitrary<Matrix> extreme() {
    Arbitrary<Float> finite =
        Arbitraries.integers()
            .between(Integer.MIN_VALUE, Integer.MAX_VALUE)
            .withoutEdgeCases()
            .map(Float::intBitsToFloat)
            .filter(Float::isFinite)
            .edgeCases(
                edges ->
                    edges.add(
                        0f,
                        -0f,
                        Float.MIN_VALUE,
                        Float.MIN_NORMAL,
                        127 * Float.MIN_NORMAL,
                        Float.MAX_VALUE,
                        -Float.MAX_VALUE));
    return finite.flatMap(
        most ->
            matrices(
                Arbitraries.floats()
                    .between(-1, 1)
                    .edgeCases(edges -> edges.add(-1f, 0f, 1f))
                    .map(share -> share * most)));
  }

  private static Arbitrary<Matrix> matrices(Arbitrary<Float> values) {
    return Combinators.combine(
            Arbitraries.integers().between(1, 9), Arbitraries.integers().between(1, 17))
        .flatAs(
            (tokens, hidden) ->
                values
                    .array(Float[].class)
                    .ofSize(tokens * hidden)
                    .map(boxed -> new Matrix(tokens, unbox(boxed))));
  }

  private static float[] unbox(Float[] boxed) {
    float[] values = new float[boxed.length];
    for (int i = 0; i < boxed.length; i++) {
      values[i] = boxed[i];
    }
    return values;
  }

  @Property
  void shouldKeepEveryBitAsFp32(@ForAll("extreme") Matrix matrix) {
    float[] decoded = matrix.decode(matrix.encode(HiddenCodec.FP32));

    for (int i = 0; i < decoded.length; i++) {
      assertThat(Float.floatToRawIntBits(decoded[i]))
          .isEqualTo(Float.floatToRawIntBits(matrix.values[i]));
    }
  }

  @Property
  void shouldKeepElevenBitsAsFp16(@ForAll("ordinary") Matrix matrix) {
    float[] decoded = matrix.decode(matrix.encode(HiddenCodec.FP16));

    for (int i = 0; i < decoded.length; i++) {
      double value = matrix.values[i];
      double bound = Math.abs(value) < 0x1p-14 ? 0x1p-25 : Math.abs(value) * 0x1p-11;
      assertThat(Math.abs(decoded[i] - value)).as("%s", value).isLessThanOrEqualTo(bound);
    }
  }

  @Property
  void shouldKeepHalfAStepAsInt8(@ForAll("extreme") Matrix matrix) {
    HiddenState state = matrix.encode(HiddenCodec.INT8);
    float[] decoded = matrix.decode(state);

    ByteBuffer data = state.getData().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < decoded.length; i++) {
      double value = matrix.values[i];
      double scale = data.getFloat(i / matrix.hidden() * Float.BYTES);
      // the second term is the rounding of fp32: in the scale, the quotient and the product
      double bound =
          scale == 0 ? 127 * 0x1p-126 : scale / 2 + Math.abs(value) * 0x1p-22 + scale * 0x1p-16;
      assertThat(Math.abs(decoded[i] - value)).as("%s", value).isLessThanOrEqualTo(bound);
    }
  }

  @Property
  void shouldHaveTheSizeThatItsLayoutSays(
      @ForAll HiddenCodec codec, @ForAll("ordinary") Matrix matrix) {
    HiddenState state = matrix.encode(codec);

    int tokens = matrix.tokens;
    int cells = matrix.values.length;
    int expected =
        switch (codec) {
          case FP32 -> 4 * cells;
          case FP16 -> 2 * cells;
          case INT8 -> 4 * tokens + cells;
        };
    assertThat(state.getData().remaining()).isEqualTo(expected);
    assertThat(codec.encodedSize(tokens, matrix.hidden())).isEqualTo(expected);
  }

  @Property
  void shouldWriteOnlyItsOwnPartOfTheTarget(
      @ForAll HiddenCodec codec,
      @ForAll("ordinary") Matrix matrix,
      @ForAll @IntRange(max = 7) int offset) {
    FloatBuffer target = untouched(offset + matrix.values.length + 4);
    target.position(1);

    HiddenCodec.decode(matrix.encode(codec), matrix.tokens, matrix.hidden(), target, offset);

    assertThat(target.position()).isEqualTo(1);
    float[] expected = new float[target.capacity()];
    Arrays.fill(expected, UNTOUCHED);
    System.arraycopy(
        matrix.decode(matrix.encode(codec)), 0, expected, offset, matrix.values.length);
    assertThat(contents(target)).containsExactly(expected);
  }

  @Property
  void shouldRefuseDataOfAnyOtherLength(
      @ForAll HiddenCodec codec,
      @ForAll("ordinary") Matrix matrix,
      @ForAll @IntRange(min = -4_000, max = 4_000) int change) {
    HiddenState state = matrix.encode(codec);
    int size = state.getData().remaining();
    int other = Math.max(0, size + change);
    if (other == size) {
      return;
    }
    state.setData(ByteBuffer.wrap(Arrays.copyOf(state.getData().array(), other)));

    assertRefused(state, matrix.tokens, matrix.hidden());
  }

  @Property
  void shouldRefuseAnyOtherShape(
      @ForAll HiddenCodec codec,
      @ForAll("ordinary") Matrix matrix,
      @ForAll int tokens,
      @ForAll int hidden) {
    if (tokens == matrix.tokens && hidden == matrix.hidden()) {
      return;
    }
    HiddenState state = matrix.encode(codec);
    state.setTokens(tokens);
    state.setHidden(hidden);

    assertRefused(state, matrix.tokens, matrix.hidden());
  }

  @Property
  void shouldRefuseScalesThatNoEncoderWrites(
      @ForAll("ordinary") Matrix matrix, @ForAll int bits, @ForAll @IntRange(max = 8) int row) {
    float scale = Float.intBitsToFloat(bits);
    if (scale >= 0 && scale <= Float.MAX_VALUE / 128) {
      return;
    }
    HiddenState state = matrix.encode(HiddenCodec.INT8);
    state.getData().order(ByteOrder.LITTLE_ENDIAN).putInt(row % matrix.tokens * Float.BYTES, bits);

    assertRefused(state, matrix.tokens, matrix.hidden());
  }

  @Property
  void shouldEitherReadFiniteValuesOrRefuseRandomData(
      @ForAll HiddenCodec codec,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int tokens) {
    int hidden = 4;
    byte[] data = new byte[codec.encodedSize(tokens, hidden)];
    new Random(seed).nextBytes(data);
    Matrix shape = new Matrix(tokens, new float[tokens * hidden]);
    HiddenState state = shape.encode(codec);
    state.setData(ByteBuffer.wrap(data));
    FloatBuffer target = untouched(tokens * hidden);

    boolean refused = false;
    try {
      HiddenCodec.decode(state, tokens, hidden, target, 0);
    } catch (CorruptHiddenStateException e) {
      refused = true;
    }

    for (float value : contents(target)) {
      if (refused) {
        assertThat(value).isEqualTo(UNTOUCHED);
      } else {
        assertThat(value).isFinite();
      }
    }
  }

  private static void assertRefused(HiddenState state, int tokens, int hidden) {
    FloatBuffer target = untouched(tokens * hidden);
    assertThatExceptionOfType(CorruptHiddenStateException.class)
        .isThrownBy(() -> HiddenCodec.check(state, tokens, hidden));
    assertThatExceptionOfType(CorruptHiddenStateException.class)
        .isThrownBy(() -> HiddenCodec.decode(state, tokens, hidden, target, 0));
    assertThat(contents(target)).containsOnly(UNTOUCHED);
  }

  private static FloatBuffer untouched(int values) {
    FloatBuffer buffer = Samples.direct(values);
    for (int i = 0; i < values; i++) {
      buffer.put(i, UNTOUCHED);
    }
    return buffer;
  }

  private static float[] contents(FloatBuffer buffer) {
    float[] contents = new float[buffer.capacity()];
    buffer.get(0, contents);
    return contents;
  }
}
