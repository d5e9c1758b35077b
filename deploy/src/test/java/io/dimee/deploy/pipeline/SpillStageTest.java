package io.dimee.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dimee.topology.routing.SpillSwitch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpillStageTest {
  /** A lag that cannot be read. */
  private record Failing(Throwable reason) implements SpillStage.Lag {
    @Override
    public long read() {
      if (reason instanceof Error e) {
        throw e;
      }
      throw (RuntimeException) reason;
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  private static SpillStage stage(Throwable reason) {
    return new SpillStage(new Failing(reason), SpillSwitch.never(), new SimpleMeterRegistry());
  }

  private static Stream<Throwable> reasons() {
    return Stream.of(new IllegalStateException("a defect"), new StackOverflowError("too deep"));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void shouldEndWithWhatStopsItsWatch(Throwable reason) {
    // Given
    try (SpillStage stage = stage(reason)) {
      // When
      stage.start();

      // Then
      assertThat(catchThrowable(() -> stage.ended().get(10, TimeUnit.SECONDS)).getCause())
          .isSameAs(reason);
      assertThat(stage.health().live()).isFalse();
    }
  }

  @Test
  void shouldEndWellWhenItIsClosed() {
    // Given
    SpillStage stage = stage(new IllegalStateException("never read"));

    // When
    stage.close();

    // Then
    assertThat(stage.ended()).isCompleted();
  }
}
