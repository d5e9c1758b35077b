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
          "Only records written at or after this time: 2026-11-23T08:00:00Z, 2026-11-23T08:00 (UTC), or an age"
              + " such as 24h. Default: all")
  private String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Only records written before this time. Default: all")
  private String until;

  TimeSpan span() {
    return TimeSpan.parse(since, until, Clock.systemUTC());
  }
}
