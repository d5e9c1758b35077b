package io.dimee.calibration.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.calibration.data.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelIssuesTest {
  private static final int ROWS = 400;

  @Test
  void shouldFindLabelsThatWereSwapped() {
    // Given rows of two classes that are told apart well, and five with the other's label
    Random random = new Random(4);
    List<Example> rows = new ArrayList<>();
    float[][] logits = new float[ROWS][2];
    for (int row = 0; row < ROWS; row++) {
      int truth = row % 2;
      int label = row < 5 ? 1 - truth : truth;
      rows.add(new Example("text " + row, null, label, row + 1));
      logits[row][truth] = (float) (3 + random.nextGaussian());
    }

    // When
    List<LabelIssues.Issue> issues = LabelIssues.of(rows, logits);

    // Then they come first, with the label that they should have
    assertThat(issues.subList(0, 5))
        .allSatisfy(
            issue -> {
              assertThat(issue.row().line()).isLessThanOrEqualTo(5);
              assertThat(issue.suggested()).isEqualTo(1 - issue.row().label());
              assertThat(issue.suggestedProbability()).isGreaterThan(issue.labelProbability());
            });
    assertThat(issues).hasSizeLessThan(10);
  }

  @Test
  void shouldSuspectNothingThatIsAsSureAsOthers() {
    List<Example> rows = List.of(new Example("a", null, 0, 1), new Example("b", null, 1, 2));

    assertThat(LabelIssues.of(rows, new float[][] {{2, 0}, {0, 2}})).isEmpty();
  }
}
