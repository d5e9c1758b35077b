package io.dimee.topology.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.inference.bundle.Tier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpillSwitchTest {
  private static final long LIMIT = 1_000;
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A clock that goes when it is told to. */
  private static final class Watch extends Clock {
    private Instant now = Instant.EPOCH;

    void advance(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private final Watch watch = new Watch();
  private final SpillSwitch spill = new SpillSwitch(LIMIT, watch);

  private void observeFor(Duration duration, long lag) {
    for (Duration t = Duration.ZERO; t.compareTo(duration) < 0; t = t.plus(SECOND)) {
      watch.advance(SECOND);
      spill.observe(lag);
    }
  }

  @Test
  void shouldDivertTheEdgesWorkAloneFromTheLimitOn() {
    // Given
    spill.observe(LIMIT - 1);
    assertThat(spill.divert(Tier.EDGE)).isEqualTo(Tier.EDGE);

    // When
    assertThat(spill.observe(LIMIT)).isTrue();

    // Then
    assertThat(spill.divert(Tier.EDGE)).isEqualTo(Tier.CLOUD);
    assertThat(spill.divert(Tier.MOBILE)).isEqualTo(Tier.MOBILE);
    assertThat(spill.divert(Tier.CLOUD)).isEqualTo(Tier.CLOUD);
    assertThat(spill.spilled()).isEqualTo(1);
  }

  @Test
  void shouldGoBackWhenTheLagHasBeenHalfForAWhile() {
    // Given
    spill.observe(LIMIT);

    // When it wavers above half, however long
    observeFor(Duration.ofHours(1), LIMIT / 2 + 1);
    assertThat(spill.isOn()).isTrue();

    // and when it is half for less than a while, again and again
    for (int i = 0; i < 100; i++) {
      observeFor(SpillSwitch.CALM.minus(SECOND), LIMIT / 2);
      observeFor(SECOND, LIMIT / 2 + 1);
    }
    assertThat(spill.isOn()).isTrue();

    // Then only a while at half turns it off
    observeFor(SpillSwitch.CALM.plus(SECOND), LIMIT / 2);
    assertThat(spill.isOn()).isFalse();
  }

  @Test
  void shouldStayOnThroughAnOutage() {
    // Given an edge that answers nothing, with half a limit of records in its topic
    spill.observe(LIMIT);

    // When and then
    observeFor(Duration.ofHours(5), LIMIT);
    assertThat(spill.isOn()).isTrue();
  }

  /** An edge that is slower than the events come, for an hour, with a lag that is read roughly. */
  @Test
  void shouldNotFlapWhileTheEdgeIsOverloaded() {
    // Given
    Random random = new Random(1);
    double lag = 0;
    List<Instant> turns = new ArrayList<>();

    // When
    for (int second = 0; second < 3_600; second++) {
      watch.advance(SECOND);
      lag = Math.max(0, lag + (spill.isOn() ? 0 : 100) - 60);
      if (spill.observe(Math.round(lag * (0.9 + 0.2 * random.nextDouble())))) {
        turns.add(watch.instant());
      }
    }

    // Then the edge is kept busy, and the flow stays for a while wherever it goes
    assertThat(turns).hasSizeGreaterThan(2);
    for (int i = 1; i < turns.size(); i++) {
      assertThat(Duration.between(turns.get(i - 1), turns.get(i)))
          .isGreaterThanOrEqualTo(SpillSwitch.CALM);
    }
  }

  @Test
  void shouldRefuseALimitThatIsNone() {
    assertThatThrownBy(() -> new SpillSwitch(0, watch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("spill-after=0 must be 1 or more");
  }
}
