package io.dimee.calibration.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dimee.calibration.evaluation.ClassReport.Confusion;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ClassReportTest {
  private static final Offset<Double> EXACT = within(1e-9);

  /** scikit-learn's own example of {@code classification_report}. */
  private final ClassReport report =
      ClassReport.of(new int[] {0, 1, 2, 2, 2}, new int[] {0, 0, 2, 2, 1}, List.of("a", "b", "c"));

  @Test
  void shouldCountAsScikitLearnDoes() {
    assertThat(report.classes())
        .containsExactly(
            new ClassReport.ClassRow("a", 0.5, 1, 2 / 3.0, 1),
            new ClassReport.ClassRow("b", 0, 0, 0, 1),
            new ClassReport.ClassRow("c", 1, 2 / 3.0, 0.8, 3));
    assertThat(report.accuracy()).isEqualTo(0.6, EXACT);
    assertThat(report.macroF1()).isEqualTo((2 / 3.0 + 0.8) / 3, EXACT);
    assertThat(report.weighted(ClassReport.ClassRow::f1)).isEqualTo((2 / 3.0 + 3 * 0.8) / 5, EXACT);
    assertThat(report.majority()).isEqualTo(0.6, EXACT);
  }

  @Test
  void shouldListConfusionsByTheirNumber() {
    assertThat(report.topConfusions(5))
        .containsExactly(new Confusion("b", "a", 1, 1), new Confusion("c", "b", 1, 1 / 3.0));
    assertThat(report.topConfusions(1)).hasSize(1);
  }

  @Test
  void shouldLeaveOutOfTheMeanAClassThatThereIsNothingOf() {
    ClassReport absent =
        ClassReport.of(new int[] {0, 0}, new int[] {0, 0}, List.of("a", "never seen"));

    assertThat(absent.macroF1()).isEqualTo(1, EXACT);
  }
}
