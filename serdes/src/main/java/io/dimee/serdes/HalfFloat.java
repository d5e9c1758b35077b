package io.dimee.serdes;

/**
 * IEEE 754 binary16. Written out because the JDK's own conversions came with Java 20, and this
 * project supports 17.
 */
final class HalfFloat {
  private static final int EXPONENT_SHIFT = 13;
  private static final int INFINITY = 0x7C00;
  private static final int SIGN = 0x8000;
  private static final int MAGNITUDE = 0x7FFF;

  /** The largest finite value. */
  static final float LARGEST = 65_504;

  private static final int FRACTION = 0x3FF;

  /** Between the exponents' biases, 15 and 127. */
  private static final float REBIAS = 0x1p112f;

  /** Bits of the least fp32 value that is a normal fp16 value: 2^-14. */
  private static final int LEAST_NORMAL = 0x38800000;

  /** Bits of the least fp32 value that rounds to fp16 infinity: 65,520. */
  private static final int OVERFLOW = 0x477FF000;

  private HalfFloat() {}

  static boolean isFinite(short half) {
    return (half & INFINITY) != INFINITY;
  }

  /** Widens; exact. */
  static float toFloat(short half) {
    return isFinite(half)
        ? finiteToFloat(half)
        : withSign(0x7F800000 | (half & FRACTION) << EXPONENT_SHIFT, half);
  }

  /** Widens a finite value; exact, and without a branch: hidden states are millions of them. */
  static float finiteToFloat(short half) {
    // as fp32 the bits are 2^112 too small, subnormal ones too
    float magnitude = Float.intBitsToFloat((half & MAGNITUDE) << EXPONENT_SHIFT) * REBIAS;
    return withSign(Float.floatToRawIntBits(magnitude), half);
  }

  private static float withSign(int magnitude, short half) {
    return Float.intBitsToFloat(magnitude | (half & SIGN) << 16);
  }

  /** Narrows, rounding to nearest even. */
  static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & SIGN;
    int magnitude = bits & 0x7FFFFFFF;
    int half;
    if (magnitude > 0x7F800000) {
      half = INFINITY | 0x200;
    } else if (magnitude >= OVERFLOW) {
      half = INFINITY;
    } else if (magnitude < LEAST_NORMAL) {
      // adding 0.5 aligns the least subnormal with the last bit of the fp32 mantissa, which rounds
      // to even
      half = Float.floatToRawIntBits(Math.abs(value) + 0.5f) - Float.floatToRawIntBits(0.5f);
    } else {
      int odd = magnitude >>> EXPONENT_SHIFT & 1;
      half = (magnitude - (112 << 23) + 0xFFF + odd) >>> EXPONENT_SHIFT;
    }
    return (short) (sign | half);
  }
}
