package io.dimee.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.topology.cluster.ConfigurationException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSpanTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T08:30:00Z, 2026-11-22T08:30:00Z",
    "2026-11-22T08:30, 2026-11-22T08:30:00Z",
    "2026-11-22 08:30, 2026-11-22T08:30:00Z",
    "2026-11-22, 2026-11-22T00:00:00Z",
    "90m, 2026-11-23T10:30:00Z",
    "24h, 2026-11-22T12:00:00Z",
    "7d, 2026-11-16T12:00:00Z",
    "30s, 2026-11-23T11:59:30Z"
  })
  void shouldReadTimes(String text, Instant expected) {
    assertThat(TimeSpan.parse(text, null, CLOCK)).isEqualTo(new TimeSpan(expected, null));
  }

  @Test
  void shouldSeeAllWhenNothingIsGiven() {
    assertThat(TimeSpan.parse(null, null, CLOCK)).isEqualTo(TimeSpan.ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "", "7w", "-1h", "2026-13-01", "99999999999d"})
  void shouldNameTheOptionAndWhatIsValid(String text) {
    assertThatThrownBy(() -> TimeSpan.parse(null, text, CLOCK))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("until=" + text + " is not a time; valid: ")
        .hasMessageContaining("24h");
  }

  @Test
  void shouldRefuseAnEndBeforeTheBegin() {
    assertThatThrownBy(() -> TimeSpan.parse("1h", "2h", CLOCK))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("until=2026-11-23T10:00:00Z is not after since=2026-11-23T11:00:00Z");
  }
}
