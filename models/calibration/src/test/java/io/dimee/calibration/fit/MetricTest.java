package io.dimee.calibration.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dimee.calibration.data.DataException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTest {
  private static final List<String> LABELS = List.of("bug", "feature", "question");
  private static final int[] GOLD = {0, 0, 1, 1, 2};
  private static final int[] ANSWERS = {0, 1, 1, 1, 0};

  /** By scikit-learn's definitions, computed by hand. */
  @ParameterizedTest
  @CsvSource({
    "accuracy, 0.6",
    "macro-f1, 0.43333333",
    "f1:bug, 0.5",
    "f1:feature, 0.8",
    "f1:question, 0",
    "matthews, 0.36084392"
  })
  void shouldBeComputedAsByHand(String name, double expected) {
    Metric metric = Metric.parse(name, LABELS);

    assertThat(metric.of(GOLD, ANSWERS, 3)).isCloseTo(expected, within(1e-8));
    assertThat(metric.of(GOLD, GOLD, 3)).isEqualTo(1);
    assertThat(metric.id(LABELS)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"precision", "", "F1", "f1"})
  void shouldNameTheMetricsThereAre(String name) {
    assertThatThrownBy(() -> Metric.parse(name, LABELS))
        .isInstanceOf(DataException.class)
        .hasMessage("metric=%s is not known; valid: accuracy, macro-f1, f1:LABEL, matthews", name);
  }

  @Test
  void shouldNameTheClassesThereAre() {
    assertThatThrownBy(() -> Metric.parse("f1:spam", LABELS))
        .hasMessage("metric=f1:spam: no class has this name; valid: [bug, feature, question]");
  }

  @Test
  void shouldBeZeroForAnswersWithoutInformation() {
    int[] one = new int[GOLD.length];

    assertThat(Metric.parse("matthews", LABELS).of(GOLD, one, 3)).isZero();
  }
}
