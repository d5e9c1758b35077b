package io.dimee.analytics;

import io.dimee.client.TimeAmount;
import io.dimee.topology.cluster.ConfigurationException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which records count, by the time that Kafka gave them.
 *
 * @param since the first, inclusive; null for the oldest
 * @param until the last, exclusive; null for the newest
 */
public record TimeSpan(Instant since, Instant until) {
  /** All records. */
  public static final TimeSpan ALL = new TimeSpan(null, null);

  /**
   * Reads what a user wrote for --since and --until, each of which may be null.
   *
   * @throws ConfigurationException when it is no time, or the end is not after the begin
   */
  public static TimeSpan parse(String since, String until, Clock clock) {
    TimeSpan span = new TimeSpan(time("since", since, clock), time("until", until, clock));
    if (span.since != null && span.until != null && !span.since.isBefore(span.until)) {
      throw new ConfigurationException(
          "until=%s is not after since=%s".formatted(span.until, span.since));
    }
    return span;
  }

  private static Instant time(String option, String text, Clock clock) {
    if (text == null) {
      return null;
    }
    Optional<Duration> ago = TimeAmount.parse(text);
    if (ago.isPresent()) {
      return clock.instant().minus(ago.get());
    }
    return Stream.<Function<String, Instant>>of(
            Instant::parse,
            local -> LocalDateTime.parse(local.replace(' ', 'T')).toInstant(ZoneOffset.UTC),
            day -> LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC))
        .flatMap(format -> attempt(format, text))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    ("%s=%s is not a time; valid: 2026-11-23T08:00:00Z, 2026-11-23T08:00 or 2026-11-23 (UTC), or"
                            + " an age such as 90m, 24h or 7d")
                        .formatted(option, text)));
  }

  private static Stream<Instant> attempt(Function<String, Instant> format, String text) {
    try {
      return Stream.of(format.apply(text));
    } catch (DateTimeException e) {
      // another format may fit
      return Stream.empty();
    }
  }
}
