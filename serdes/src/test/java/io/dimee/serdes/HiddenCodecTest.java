package io.dimee.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dimee.avro.HiddenState;
import io.dimee.avro.HiddenStateCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HiddenCodecTest {
  private static HiddenState encode(HiddenCodec codec, int tokens, float... values) {
    return codec.encode(FloatBuffer.wrap(values), 0, tokens, values.length / tokens);
  }

  private static float[] decode(HiddenState state) {
    float[] values = new float[state.getTokens() * state.getHidden()];
    HiddenCodec.decode(state, state.getTokens(), state.getHidden(), FloatBuffer.wrap(values), 0);
    return values;
  }

  private static byte[] bytes(HiddenState state) {
    return state.getData().array();
  }

  @Test
  void shouldWriteFp32LittleEndian() {
    assertThat(bytes(encode(HiddenCodec.FP32, 1, 1f, -2f)))
        .containsExactly(0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0);
  }

  @Test
  void shouldWriteFp16LittleEndian() {
    assertThat(bytes(encode(HiddenCodec.FP16, 1, 1f, -2f))).containsExactly(0, 0x3C, 0, 0xC0);
  }

  @Test
  void shouldWriteAllScalesBeforeTheValuesAsInt8() {
    // Given rows whose scales are 1 and 0.5
    HiddenState state = encode(HiddenCodec.INT8, 2, 127f, 2.5f, -3.5f, -63.5f, 0.5f, 1f);

    // Then ties have gone to the even neighbour
    assertThat(bytes(state))
        .containsExactly(0, 0, 0x80, 0x3F, 0, 0, 0, 0x3F, 127, 2, (byte) -4, (byte) -127, 1, 2);
    assertThat(decode(state)).containsExactly(127f, 2f, -4f, -63.5f, 0.5f, 1f);
  }

  @Test
  void shouldGiveAZeroRowTheScaleZero() {
    HiddenState state = encode(HiddenCodec.INT8, 2, 0f, -0f, 127f, 1f);

    assertThat(state.getData().order(ByteOrder.LITTLE_ENDIAN).getFloat(0)).isZero();
    assertThat(decode(state)).containsExactly(0f, 0f, 127f, 1f);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.MAX_VALUE, 127 * Float.MIN_NORMAL, 180 * Float.MIN_VALUE})
  void shouldKeepInt8FiniteAndCloseAtTheEndsOfTheRange(float most) {
    float[] decoded = decode(encode(HiddenCodec.INT8, 1, most, -most, 0));

    assertThat(decoded[0]).isFinite().isEqualTo(-decoded[1]);
    assertThat((double) decoded[0])
        .isBetween(most - Math.max(most * 0x1p-7, 127 * 0x1p-126), most * (1 + 0x1p-22));
  }

  @ParameterizedTest
  @CsvSource({
    "FP32, NaN",
    "FP32, Infinity",
    "FP32, -Infinity",
    "FP16, NaN",
    "FP16, Infinity",
    "FP16, 65504.004",
    "FP16, -70000",
    "FP16, 3.4028235E38",
    "INT8, NaN",
    "INT8, -Infinity"
  })
  void shouldNameTheTokenOfAValueThatCannotBeEncoded(HiddenCodec codec, float value) {
    assertThatExceptionOfType(UnencodableHiddenStateException.class)
        .isThrownBy(() -> encode(codec, 2, 1, 2, 3, value))
        .withMessageContainingAll("value " + value, "token 1", codec.name());
  }

  @Test
  void shouldEncodeTheLargestFp16Value() {
    assertThat(decode(encode(HiddenCodec.FP16, 1, 65_504f, -65_504f)))
        .containsExactly(65_504f, -65_504f);
  }

  @ParameterizedTest
  @EnumSource(HiddenCodec.class)
  void shouldEncodeOnlyTheGivenPartOfABatch(HiddenCodec codec) {
    FloatBuffer batch = Samples.matrix(60, 3);
    batch.put(11, Float.NaN).put(24, Float.NaN).position(7);
    float[] part = new float[12];
    batch.get(12, part);

    HiddenState state = codec.encode(batch, 12, 3, 4);

    assertThat(batch.position()).isEqualTo(7);
    assertThat(state).isEqualTo(encode(codec, 3, part));
  }

  @ParameterizedTest
  @EnumSource(HiddenCodec.class)
  void shouldReadDataThatBeginInTheMiddleOfABuffer(HiddenCodec codec) {
    HiddenState state = encode(codec, 1, 1, 2, 3);
    float[] expected = decode(state);
    byte[] bytes = bytes(state);
    ByteBuffer within = ByteBuffer.allocate(bytes.length + 6).put(3, bytes);
    within.position(3).limit(3 + bytes.length);
    state.setData(within.asReadOnlyBuffer());

    assertThat(decode(state)).containsExactly(expected);
    assertThat(state.getData().position()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "4, 0", "-1, 4", "4, -1", "65536, 65536", "2147483647, 2147483647"})
  void shouldRefuseShapesThatNoStateHas(int tokens, int hidden) {
    for (HiddenCodec codec : HiddenCodec.values()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> codec.encodedSize(tokens, hidden))
          .withMessageContaining("shape [%d, %d]", tokens, hidden);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> codec.encode(FloatBuffer.allocate(16), 0, tokens, hidden));
    }
  }

  @Test
  void shouldRefuseAStateBeyondOneRecord() {
    assertThat(HiddenCodec.INT8.encodedSize(1 << 10, 1 << 20)).isEqualTo((1 << 12) + (1 << 30));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HiddenCodec.FP32.encodedSize(1 << 10, 1 << 20))
        .withMessageContaining("4294967296 bytes");
  }

  @ParameterizedTest
  @CsvSource({"-1", "9", "2147483647"})
  void shouldRefuseAnOffsetBeyondTheBuffer(int offset) {
    HiddenState state = encode(HiddenCodec.FP16, 2, 1, 2, 3, 4);
    FloatBuffer buffer = FloatBuffer.allocate(12);

    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> HiddenCodec.FP16.encode(buffer, offset, 2, 2));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> HiddenCodec.decode(state, 2, 2, buffer, offset));
    assertThat(buffer.array()).containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({"FP32, 7F800000", "FP32, FFC00000", "FP16, 00007C00", "FP16, 0000FE01"})
  void shouldRefuseValuesThatAreNotFinite(HiddenCodec codec, String pattern) {
    HiddenState state = encode(codec, 2, 1, 2, 3, 4);
    ByteBuffer data = state.getData().order(ByteOrder.LITTLE_ENDIAN);
    int bits = Integer.parseUnsignedInt(pattern, 16);
    if (codec == HiddenCodec.FP32) {
      data.putInt(2 * Float.BYTES, bits);
    } else {
      data.putShort(2 * Short.BYTES, (short) bits);
    }

    assertThatExceptionOfType(CorruptHiddenStateException.class)
        .isThrownBy(() -> decode(state))
        .withMessageStartingWith("token 1 holds the value");
  }

  @Test
  void shouldRefuseAnInt8ValueThatNoEncoderWrites() {
    HiddenState state = encode(HiddenCodec.INT8, 2, 1, 2, 3, 4);
    state.getData().put(2 * Float.BYTES + 3, (byte) -128);

    assertThatExceptionOfType(CorruptHiddenStateException.class)
        .isThrownBy(() -> decode(state))
        .withMessageStartingWith("token 1 holds -128");
  }

  @Test
  void shouldRefuseUnknownCodecsAndMissingData() {
    HiddenState unknown = encode(HiddenCodec.FP32, 1, 1, 2);
    unknown.setCodec(HiddenStateCodec.UNKNOWN);
    HiddenState missing = encode(HiddenCodec.FP32, 1, 1, 2);
    missing.setData(null);

    assertThatExceptionOfType(CorruptHiddenStateException.class)
        .isThrownBy(() -> decode(unknown))
        .withMessageContaining("UNKNOWN");
    assertThatExceptionOfType(CorruptHiddenStateException.class)
        .isThrownBy(() -> decode(missing))
        .withMessageContaining("missing");
  }

  @ParameterizedTest
  @EnumSource(HiddenCodec.class)
  void shouldAllocateNothingBesidesTheEncodedBytes(HiddenCodec codec) {
    int tokens = 128;
    int hidden = 384;
    FloatBuffer matrix = Samples.matrix(tokens * hidden, 7);
    FloatBuffer target = Samples.direct(tokens * hidden);
    HiddenState state = codec.encode(matrix, 0, tokens, hidden);

    assertThat(Allocation.of(() -> codec.encode(matrix, 0, tokens, hidden)))
        .isLessThan(codec.encodedSize(tokens, hidden) + 4_096L);
    assertThat(Allocation.of(() -> HiddenCodec.decode(state, tokens, hidden, target, 0)))
        .isLessThan(4_096);
  }

  @ParameterizedTest
  @EnumSource(HiddenCodec.class)
  void shouldAllocateNothingForAHostileShape(HiddenCodec codec) {
    HiddenState state = encode(codec, 1, 1, 2);
    state.setTokens(Integer.MAX_VALUE);
    state.setHidden(384);

    long allocated =
        Allocation.of(
            () ->
                assertThatExceptionOfType(CorruptHiddenStateException.class)
                    .isThrownBy(() -> HiddenCodec.check(state, 128, 384)));

    assertThat(allocated).isLessThan(1 << 18);
  }

  @Test
  void shouldFindCodecsByNameInAnyCase() {
    assertThat(HiddenCodec.of("fp16")).isEqualTo(HiddenCodec.FP16);
    assertThat(HiddenCodec.of("Int8")).isEqualTo(HiddenCodec.INT8);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HiddenCodec.of("fp8"))
        .withMessageContainingAll("hidden-codec=fp8", "fp32, fp16, int8");
  }
}
