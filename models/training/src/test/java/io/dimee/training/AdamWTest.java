package io.dimee.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class AdamWTest {
  @Test
  void shouldWarmUpAndDecayTheLearningRate() {
    AdamW optimizer = new AdamW(new ArrayList<>(), 1, 0.1, 100);
    assertThat(optimizer.schedule(5)).isEqualTo(0.5);
    assertThat(optimizer.schedule(10)).isEqualTo(1);
    assertThat(optimizer.schedule(55)).isEqualTo(0.5);
    assertThat(optimizer.schedule(100)).isZero();
  }
}
