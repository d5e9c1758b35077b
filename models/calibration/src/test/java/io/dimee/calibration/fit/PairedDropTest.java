package io.dimee.calibration.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedDropTest {
  private static final double Z95 = 1.6448536;

  @Test
  void shouldCountOnlyRowsThatDiffer() {
    assertThat(new PairedDrop(1_000, 7, 4).points()).isCloseTo(0.3, within(1e-12));
    assertThat(new PairedDrop(10, 1, 0).plus(new PairedDrop(30, 1, 3)))
        .isEqualTo(new PairedDrop(40, 2, 3));
  }

  @Test
  void shouldAgreeWithTheClosedFormWhenNothingDiffers() {
    // z^2 / (n + z^2): what Tango's interval is without any differing pair
    double expected = 100 * Z95 * Z95 / (1_000 + Z95 * Z95);
    assertThat(new PairedDrop(1_000, 0, 0).upperBound(0.95)).isCloseTo(expected, within(1e-4));
  }

  @Test
  void shouldAgreeWithTangosExample() {
    // Tango 1998: 44 pairs, 1 and 0 differing; 95 % two-sided interval for 1/44 is -0.060 to 0.118
    assertThat(new PairedDrop(44, 1, 0).upperBound(0.975)).isCloseTo(11.8, within(0.1));
  }

  @Test
  void shouldHoldAboutAsOftenAsItSays() {
    // Given samples from a population with a known drop of 0.3 points
    Random random = new Random(4);
    int samples = 4_000;
    int held = 0;
    for (int i = 0; i < samples; i++) {
      int lost = 0;
      int won = 0;
      for (int row = 0; row < 1_000; row++) {
        double draw = random.nextDouble();
        lost += draw < 0.008 ? 1 : 0;
        won += draw > 0.995 ? 1 : 0;
      }
      held += new PairedDrop(1_000, lost, won).upperBound(0.9) >= 0.3 ? 1 : 0;
    }

    // Then
    assertThat(held / (double) samples).isBetween(0.88, 0.94);
  }

  @Test
  void shouldBeBoundedWhenEverythingIsLost() {
    assertThat(new PairedDrop(5, 5, 0).upperBound(0.9)).isEqualTo(100);
  }
}
