package io.dimee.serdes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfFloatTest {
  private static final int INFINITY = 0x7C00;

  /** The value of a pattern by the definition of binary16. */
  private static double defined(int half) {
    int exponent = half >> 10 & 0x1F;
    int fraction = half & 0x3FF;
    double magnitude;
    if (exponent == 0x1F) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else if (exponent == 0) {
      magnitude = Math.scalb((double) fraction, -24);
    } else {
      magnitude = Math.scalb(1024.0 + fraction, exponent - 25);
    }
    return (half & 0x8000) == 0 ? magnitude : -magnitude;
  }

  @Test
  void shouldWidenEveryPatternByTheDefinition() {
    for (int half = 0; half <= 0xFFFF; half++) {
      double value = HalfFloat.toFloat((short) half);

      // compares bits, so that the zeros differ
      assertThat(Double.doubleToLongBits(value))
          .as("pattern %04x", half)
          .isEqualTo(Double.doubleToLongBits(defined(half)));
    }
  }

  @Test
  void shouldKeepEveryPatternThatIsNotNan() {
    for (int half = 0; half <= 0xFFFF; half++) {
      float value = HalfFloat.toFloat((short) half);
      short back = HalfFloat.fromFloat(value);

      if (Float.isNaN(value)) {
        assertThat(HalfFloat.toFloat(back)).isNaN();
      } else {
        assertThat(back).as("pattern %04x", half).isEqualTo((short) half);
      }
    }
  }

  @Test
  void shouldTellFinitePatternsFromOthers() {
    for (int half = 0; half <= 0xFFFF; half++) {
      assertThat(HalfFloat.isFinite((short) half))
          .as("pattern %04x", half)
          .isEqualTo(Double.isFinite(defined(half)));
    }
  }

  @Test
  void shouldRoundToNearestAndTiesToEvenBetweenAllNeighbours() {
    for (int half = 0; half < INFINITY - 1; half++) {
      float low = HalfFloat.toFloat((short) half);
      float high = HalfFloat.toFloat((short) (half + 1));
      float middle = (float) (((double) low + high) / 2);
      int even = half % 2 == 0 ? half : half + 1;

      assertRounds(Math.nextDown(middle), half);
      assertRounds(middle, even);
      assertRounds(Math.nextUp(middle), half + 1);
    }
  }

  private static void assertRounds(float value, int expected) {
    assertThat(HalfFloat.fromFloat(value)).as("%s", value).isEqualTo((short) expected);
    assertThat(HalfFloat.fromFloat(-value)).as("-%s", value).isEqualTo((short) (expected | 0x8000));
  }

  @Test
  void shouldRoundRandomFloatsToTheNearestOfTheirNeighbours() {
    Random random = new Random(16);
    for (int i = 0; i < 500_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (!(Math.abs(value) <= HalfFloat.LARGEST)) {
        continue;
      }
      int half = HalfFloat.fromFloat(value) & 0xFFFF;

      double error = Math.abs(defined(half) - value);
      int magnitude = half & 0x7FFF;
      double step = Math.abs(defined(magnitude + 1) - defined(magnitude));
      double stepBelow =
          magnitude == 0 ? step : Math.abs(defined(magnitude) - defined(magnitude - 1));
      double allowed = Math.abs(value) < Math.abs(defined(half)) ? stepBelow / 2 : step / 2;
      assertThat(error).as("%s", value).isLessThanOrEqualTo(allowed);
    }
  }

  @Test
  void shouldOverflowToInfinityAndKeepNan() {
    assertThat(HalfFloat.fromFloat(HalfFloat.LARGEST)).isEqualTo((short) 0x7BFF);
    assertThat(HalfFloat.fromFloat(Math.nextDown(65_520f))).isEqualTo((short) 0x7BFF);
    assertThat(HalfFloat.fromFloat(65_520f)).isEqualTo((short) INFINITY);
    assertThat(HalfFloat.fromFloat(Float.NEGATIVE_INFINITY)).isEqualTo((short) 0xFC00);
    assertThat(HalfFloat.toFloat(HalfFloat.fromFloat(Float.NaN))).isNaN();
  }
}
