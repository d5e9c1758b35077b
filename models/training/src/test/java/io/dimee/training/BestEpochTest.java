package io.dimee.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.inference.bundle.Tensor;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BestEpochTest {
  @TempDir Path work;

  private static Map<String, Tensor> weights(float value) {
    return Map.of("w", Tensor.of(new float[] {value}, 1));
  }

  @Test
  void shouldKeepTheBestAndEndWhenEpochsBringNothing() {
    BestEpoch best = new BestEpoch(work, 2, false);

    best.add(1, -0.9, weights(1));
    best.add(2, -0.5, weights(2));
    best.add(3, -0.5, weights(3));
    assertThat(best.isOver()).isFalse();
    best.add(4, -0.6, weights(4));

    assertThat(best.isOver()).isTrue();
    assertThat(best.epoch()).isEqualTo(2);
    assertThat(best.weights().get("w").toArray()).containsExactly(2);
  }

  @Test
  void shouldContinueWhereARunStoppedAndForgetWhatAnotherLeft() {
    BestEpoch first = new BestEpoch(work, 2, false);
    first.add(1, 0.5, weights(1));
    first.add(2, 0.4, weights(2));

    BestEpoch continued = new BestEpoch(work, 2, true);
    continued.add(3, 0.3, weights(3));
    BestEpoch anew = new BestEpoch(work, 2, false);

    assertThat(continued.isOver()).isTrue();
    assertThat(continued.weights().get("w").toArray()).containsExactly(1);
    assertThat(anew.epoch()).isZero();
    assertThat(anew.isOver()).isFalse();
  }
}
