package io.dimee.calibration.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoreTest {
  private static final int[] GOLD = {1, 1, 1, 0, 0, 0, 0, 1};
  private static final int[] ANSWERS = {1, 1, 0, 0, 0, 1, 0, 1};

  @Test
  void shouldScoreAsGlueDoes() {
    // 3 true positives, 3 true negatives, 1 false of each
    assertThat(Score.ACCURACY.of(GOLD, ANSWERS)).isEqualTo(6 / 8d);
    assertThat(Score.F1.of(GOLD, ANSWERS)).isCloseTo(6 / 8d, within(1e-12));
    assertThat(Score.MATTHEWS.of(GOLD, ANSWERS)).isCloseTo(8 / 16d, within(1e-12));
  }

  @Test
  void shouldGiveNothingForOneAnswerToAll() {
    int[] same = new int[GOLD.length];
    assertThat(Score.MATTHEWS.of(GOLD, same)).isZero();
    assertThat(Score.F1.of(GOLD, same)).isZero();
  }
}
