package io.dimee.k8s.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AutoscalerTest {
  private static final int THRESHOLD = 1_000;

  private static Autoscaler autoscaler(
      int upSeconds, int downSeconds, Integer cpu, ScalingRule.Policy... policies) {
    return new Autoscaler(
        new ScalingRule(
            1,
            12,
            THRESHOLD,
            cpu,
            new ScalingRule.Direction(upSeconds, List.of(policies)),
            new ScalingRule.Direction(downSeconds, List.of(policies))));
  }

  private static ScalingRule.Policy pods(int value, int seconds) {
    return new ScalingRule.Policy(false, value, seconds);
  }

  private static Autoscaler.Seen lag(int second, int pods, double lag) {
    return new Autoscaler.Seen(second, pods, pods, lag, 0);
  }

  @Test
  void shouldAskForAPodForEachThresholdOfLag() {
    assertThat(autoscaler(0, 0, null, pods(12, 15)).next(lag(0, 1, 4_100))).isEqualTo(5);
  }

  @Test
  void shouldTakeATenthForNoDifference() {
    assertThat(autoscaler(0, 0, null, pods(12, 15)).next(lag(0, 2, 2_190))).isEqualTo(2);
    assertThat(autoscaler(0, 0, null, pods(12, 15)).next(lag(0, 2, 2_210))).isEqualTo(3);
  }

  @Test
  void shouldAskForNoMorePodsThanPartitions() {
    assertThat(autoscaler(0, 0, null, pods(12, 15)).next(lag(0, 3, 1e9))).isEqualTo(12);
  }

  @Test
  void shouldTakeTheLeastOfAWindowBeforeItGrows() {
    // Given
    Autoscaler autoscaler = autoscaler(30, 0, null, pods(12, 15));

    // When, then
    assertThat(autoscaler.next(lag(0, 1, 500))).isEqualTo(1);
    assertThat(autoscaler.next(lag(15, 1, 5_000))).isEqualTo(1);
    assertThat(autoscaler.next(lag(30, 1, 3_000))).isEqualTo(1);
    assertThat(autoscaler.next(lag(45, 1, 4_000))).isEqualTo(3);
  }

  @Test
  void shouldTakeTheMostOfAWindowBeforeItShrinks() {
    // Given
    Autoscaler autoscaler = autoscaler(0, 300, null, pods(12, 15));

    // When, then
    assertThat(autoscaler.next(lag(0, 1, 4_000))).isEqualTo(4);
    assertThat(autoscaler.next(lag(15, 4, 0))).isEqualTo(4);
    assertThat(autoscaler.next(lag(300, 4, 0))).isEqualTo(4);
    assertThat(autoscaler.next(lag(315, 4, 0))).isEqualTo(1);
  }

  @Test
  void shouldLetAsManyComeWithinAPeriodAsThePoliciesSay() {
    // Given
    Autoscaler autoscaler =
        autoscaler(0, 0, null, pods(2, 60), new ScalingRule.Policy(true, 100, 60));

    // When, then
    assertThat(autoscaler.next(lag(0, 3, 12_000))).isEqualTo(6);
    assertThat(autoscaler.next(lag(15, 6, 12_000))).isEqualTo(6);
    assertThat(autoscaler.next(lag(75, 6, 12_000))).isEqualTo(12);
  }

  @Test
  void shouldKeepPodsThatAreBusyWhenNothingWaits() {
    assertThat(autoscaler(0, 0, 70, pods(12, 15)).next(new Autoscaler.Seen(0, 4, 4, 0, 0.72)))
        .isEqualTo(4);
  }

  @Test
  void shouldNotAskTwiceForPodsThatAreNotReadyYet() {
    assertThat(autoscaler(0, 0, 70, pods(12, 15)).next(new Autoscaler.Seen(0, 4, 2, 0, 1)))
        .isEqualTo(4);
  }
}
