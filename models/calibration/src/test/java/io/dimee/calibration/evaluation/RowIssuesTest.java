package io.dimee.calibration.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.calibration.data.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowIssuesTest {
  private static Example row(String text, String pair, int label, long line) {
    return new Example(text, pair, label, line);
  }

  @Test
  void shouldFindRowsOfTheSameWordsThoseOfOtherLabelsFirst() {
    // Given
    List<Example> rows =
        List.of(
            row("My card was lost.", null, 0, 1),
            row("was my card lost", null, 0, 2),
            row("Where is my card?", null, 1, 3),
            row("My card -- lost! was lost", null, 1, 4),
            row(":-)", null, 0, 5),
            row(":-(", null, 1, 6));

    // When
    List<RowIssues.NearDuplicate> found = RowIssues.nearDuplicates(rows);

    // Then
    assertThat(found).extracting(issue -> issue.row().line()).containsExactly(4L, 2L);
    assertThat(found).allMatch(issue -> issue.first().line() == 1);
    assertThat(found).extracting(RowIssues.NearDuplicate::isConflict).containsExactly(true, false);
  }

  @Test
  void shouldTellTheTextsOfAPairApart() {
    assertThat(RowIssues.nearDuplicates(List.of(row("a b", "c", 0, 1), row("a", "b c", 0, 2))))
        .isEmpty();
  }

  @Test
  void shouldFindRowsThatNoClassLaysClaimTo() {
    // Given rows that one class claims, and two that none does
    Random random = new Random(4);
    List<Example> rows = new ArrayList<>();
    float[][] logits = new float[200][3];
    for (int i = 0; i < logits.length; i++) {
      rows.add(row("text " + i, null, i % 3, i));
      for (int label = 0; label < 3; label++) {
        logits[i][label] = (float) (-3 + random.nextGaussian() / 4);
      }
      logits[i][i % 3] += 6;
    }
    logits[17] = new float[] {-6, -7, -8};
    logits[21] = new float[] {-9, -7, -8};

    // Then
    assertThat(RowIssues.outliers(rows, logits))
        .extracting(issue -> issue.row().line())
        .containsExactly(21L, 17L);
  }
}
