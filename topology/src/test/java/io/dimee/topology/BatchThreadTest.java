package io.dimee.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BatchThreadTest {
  private static final Duration INTERVAL = Duration.ofMillis(1);

  @Test
  void shouldCallTheWorkerAgainAndAgainWhileABatchIsComputed() throws InterruptedException {
    // Given a batch that ends when it was called three times
    CountDownLatch calls = new CountDownLatch(3);
    Thread[] called = new Thread[1];
    try (BatchThread batches = new BatchThread("batch", INTERVAL)) {
      // When
      List<Output> outputs =
          batches.compute(
              () -> {
                try {
                  calls.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                return List.of();
              },
              () -> {
                called[0] = Thread.currentThread();
                calls.countDown();
              });

      // Then
      assertThat(outputs).isEmpty();
      assertThat(calls.getCount()).isZero();
      assertThat(called[0]).isEqualTo(Thread.currentThread());
    }
  }

  @Test
  void shouldThrowWhatTheBatchThrew() {
    try (BatchThread batches = new BatchThread("batch", INTERVAL)) {
      assertThatThrownBy(
              () ->
                  batches.compute(
                      () -> {
                        throw new IllegalArgumentException("spoiled");
                      },
                      () -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("spoiled");
    }
  }
}
