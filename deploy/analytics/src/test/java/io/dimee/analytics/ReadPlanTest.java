package io.dimee.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadPlanTest {
  private static TopicState topic(long start, long end) {
    return new TopicState("dimee.predictions", "id", Map.of(0, start), Map.of(0, end));
  }

  @Test
  void shouldReadAllOfWhatWasNeverRead() {
    assertThat(ReadPlan.of(topic(0, 10), Map.of()))
        .isEqualTo(new ReadPlan(Map.of(0, new ReadRange(0, 10)), Map.of()));
  }

  @Test
  void shouldReadOnlyWhatIsNew() {
    assertThat(ReadPlan.of(topic(0, 10), Map.of(0, new ReadRange(0, 7))))
        .isEqualTo(new ReadPlan(Map.of(0, new ReadRange(7, 10)), Map.of()));
  }

  @Test
  void shouldReadTheOlderPartOfWhatWasReadFromATimeOn() {
    // Given
    Map<Integer, ReadRange> cached = Map.of(0, new ReadRange(5, 10));

    // When
    ReadPlan plan = ReadPlan.of(topic(0, 12), cached);

    // Then
    assertThat(plan)
        .isEqualTo(new ReadPlan(Map.of(0, new ReadRange(10, 12)), Map.of(0, new ReadRange(0, 5))));
    assertThat(plan.size()).isEqualTo(7);
  }

  @Test
  void shouldLeaveNoGapBeforeATimeThatIsLaterThanWhatWasRead() {
    assertThat(ReadPlan.of(topic(50, 60), Map.of(0, new ReadRange(0, 10))).newer())
        .isEqualTo(Map.of(0, new ReadRange(10, 60)));
  }

  @Test
  void shouldReadNothingWhenAllIsThere() {
    assertThat(ReadPlan.of(topic(4, 10), Map.of(0, new ReadRange(0, 10))).isEmpty()).isTrue();
    assertThat(ReadPlan.of(topic(0, 0), Map.of()).isEmpty()).isTrue();
  }
}
