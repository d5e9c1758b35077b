package io.dimee.client;

import io.dimee.topology.cluster.ConfigurationException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of time as options take them: 30s, 10m, 24h, 7d. */
public final class TimeAmount {
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,9})([smhd])");

  private TimeAmount() {}

  /** Reads an amount; empty when the text is none. */
  public static Optional<Duration> parse(String text) {
    Matcher amount = AMOUNT.matcher(text);
    return amount.matches()
        ? Optional.of(duration(Long.parseLong(amount.group(1)), amount.group(2)))
        : Optional.empty();
  }

  /**
   * Reads the amount that an option takes.
   *
   * @param key the option's name
   * @throws ConfigurationException when it is none
   */
  public static Duration of(String key, String text) {
    return parse(text)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "%s=%s is not a duration; valid: 30s, 10m, 24h, 7d".formatted(key, text)));
  }

  private static Duration duration(long count, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
