package io.dimee.analytics.command;

import io.dimee.analytics.TimeSpan;
import java.time.Clock;
import picocli.CommandLine.Option;

/** Which records count, by the time that Kafka gave them. */
final class TimeSpanOptions {
  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only records written at that time or later: 2026-11-23T08:00:00Z, 2026-11-23T08:00 (UTC), or 24h back from"
              + " now. Default: all")
  private String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Only records written before that time. Default: all")
  private String until;

  TimeSpan span() {
    return TimeSpan.parse(since, until, Clock.systemUTC());
  }
}
