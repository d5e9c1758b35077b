package io.dimee.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutageTest {
  private final AtomicLong now = new AtomicLong();
  private final StringWriter said = new StringWriter();
  private final Outage outage = new Outage(new PrintWriter(said, true), now::get);

  @Test
  void shouldTellAnOutageAtOnceThenEveryMinuteThenItsEnd() {
    // When brokers are silent for two minutes and a half
    outage.update(Optional.empty());
    for (int second = 0; second < 150; second++) {
      outage.update(Optional.of("silent for " + second));
      now.addAndGet(Duration.ofSeconds(1).toNanos());
    }
    outage.update(Optional.empty());
    outage.update(Optional.empty());

    // Then
    assertThat(said.toString().lines())
        .containsExactly(
            "dimee: silent for 0; retrying",
            "dimee: silent for 60; retrying",
            "dimee: silent for 120; retrying",
            "dimee: a broker answers");
  }

  @Test
  void shouldTellASecondOutageAtOnce() {
    // Given
    outage.update(Optional.of("first"));
    outage.update(Optional.empty());

    // When
    outage.update(Optional.of("second"));

    // Then
    assertThat(said.toString().lines()).last().isEqualTo("dimee: second; retrying");
  }
}
