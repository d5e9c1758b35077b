package io.dimee.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.calibration.data.EncodedExample;
import io.dimee.inference.tokenizer.TokenizedText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  @Test
  void shouldPlanTheSameBatchesOfLikeLengthForASeed() {
    // Given rows of 1 to 100 tokens
    List<EncodedExample> rows = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      int[] ids = new int[1 + i % 100];
      rows.add(new EncodedExample(new TokenizedText(ids, ids.length, false), 0));
    }

    // When
    List<List<EncodedExample>> plan = BatchPlan.epoch(rows, 10, 7);

    // Then
    assertThat(plan).hasSize(100).isEqualTo(BatchPlan.epoch(rows, 10, 7));
    assertThat(plan).isNotEqualTo(BatchPlan.epoch(rows, 10, 8));
    assertThat(plan.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(rows);
    for (List<EncodedExample> batch : plan) {
      int most = batch.stream().mapToInt(EncodedExample::tokens).max().orElseThrow();
      int least = batch.stream().mapToInt(EncodedExample::tokens).min().orElseThrow();
      assertThat(most - least).isLessThan(10);
    }
  }
}
