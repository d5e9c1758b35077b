package io.dimee.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantizedDeltaTest {
  private static final int ROWS = 384;
  private static final int COLUMNS = 16;

  private static Tensor gaussian(long seed, float deviation) {
    Random random = new Random(seed);
    float[] values = new float[ROWS * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * (1 + i % COLUMNS) * random.nextGaussian());
    }
    return Tensor.of(values, ROWS, COLUMNS);
  }

  @Test
  void shouldKeepMostOfANormalDifference() {
    // Given a difference whose columns have different deviations
    Tensor base = gaussian(1, 0.05f);
    Tensor delta = gaussian(2, 0.001f);
    float[] tuned = base.toArray();
    for (int i = 0; i < tuned.length; i++) {
      tuned[i] += delta.values().get(i);
    }

    // When
    Tensor restored = QuantizedDelta.of(base, Tensor.of(tuned, ROWS, COLUMNS)).addTo(base);

    // Then about 12 % of the energy is lost, as the quantizer promises for a normal distribution
    double lost = 0;
    double all = 0;
    for (int i = 0; i < tuned.length; i++) {
      lost += Math.pow(restored.values().get(i) - tuned[i], 2);
      all += Math.pow(delta.values().get(i), 2);
    }
    assertThat(lost / all).isBetween(0.10, 0.14);
  }

  @Test
  void shouldRestoreAnUnchangedWeightExactly() {
    Tensor base = gaussian(1, 0.05f);
    assertThat(QuantizedDelta.of(base, base).addTo(base).toArray()).containsExactly(base.toArray());
  }

  @Test
  void shouldRefuseCodesOfAnotherShape() {
    Tensor base = gaussian(1, 0.05f);
    QuantizedDelta delta = QuantizedDelta.of(base, base);
    Tensor wider = Tensor.of(new float[ROWS * COLUMNS * 2], ROWS, COLUMNS * 2);
    assertThatThrownBy(() -> delta.addTo(wider)).isInstanceOf(InvalidBundleException.class);
  }
}
