package io.dimee.deploy.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BrokerSilenceTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BrokerSilence silence = new BrokerSilence(registry, "broker:9092", now::get);

  private void consumer(String id) {
    FunctionCounter.builder("kafka.consumer.incoming.byte.total", received, AtomicLong::get)
        .tag("client.id", id)
        .register(registry);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void shouldBeQuietWhileBytesComeIn() {
    // Given
    consumer("one");
    for (int round = 0; round < 20; round++) {
      received.incrementAndGet();
      pass(Duration.ofSeconds(3));

      // Then
      assertThat(silence.failure()).isEmpty();
    }
  }

  @Test
  void shouldTellForHowLongNothingCameIn() {
    // Given
    consumer("one");
    received.set(100);
    assertThat(silence.failure()).isEmpty();

    // When
    pass(Duration.ofSeconds(7));

    // Then
    assertThat(silence.failure()).contains("no broker of broker:9092 has answered for 7 s");
  }

  @Test
  void shouldBeQuietAgainWhenBytesComeIn() {
    // Given
    consumer("one");
    pass(Duration.ofSeconds(7));
    assertThat(silence.failure()).isPresent();

    // When
    received.incrementAndGet();

    // Then
    assertThat(silence.failure()).isEmpty();
  }
}
