package io.dimee.calibration.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
  @Test
  void shouldRecoverTheWeightsThatMadeTheAnswers() {
    // Given answers drawn from 1 / (1 + e^-(0.5 - 2 a + b))
    Random random = new Random(1);
    double[][] features = new double[20_000][];
    boolean[] answers = new boolean[features.length];
    for (int i = 0; i < features.length; i++) {
      double a = random.nextGaussian();
      double b = 3 * random.nextGaussian();
      features[i] = new double[] {a, b};
      answers[i] = random.nextDouble() < 1 / (1 + Math.exp(-(0.5 - 2 * a + b)));
    }

    // When
    LogisticRegression fitted = LogisticRegression.fit(features, answers, 0);

    // Then
    assertThat(fitted.bias()).isCloseTo(0.5, within(0.1));
    assertThat(fitted.weights().getEntry(0)).isCloseTo(-2, within(0.1));
    assertThat(fitted.weights().getEntry(1)).isCloseTo(1, within(0.1));
    assertThat(fitted.probability(0, 0)).isCloseTo(0.62, within(0.02));
  }

  @Test
  void shouldStayFiniteWhenAnswersAreAllTheSameOrCanBeToldApart() {
    double[][] features = {{-2}, {-1}, {1}, {2}};
    boolean[] none = new boolean[4];
    boolean[] apart = {false, false, true, true};

    LogisticRegression never = LogisticRegression.fit(features, none, 1e-3);
    assertThat(never.probability(0)).isBetween(0.0, 0.1);
    LogisticRegression clear = LogisticRegression.fit(features, apart, 1e-3);
    assertThat(clear.probability(-3)).isLessThan(0.1);
    assertThat(clear.probability(3)).isBetween(0.9, 1.0);
    assertThat(clear.weights().getEntry(0)).isFinite();
  }
}
