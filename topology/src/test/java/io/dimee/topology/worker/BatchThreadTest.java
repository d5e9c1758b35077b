package io.dimee.topology.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dimee.topology.lifecycle.Uninterrupted;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

  @Test
  void shouldWaitForABatchThoughItsThreadIsInterrupted() throws InterruptedException {
    // Given a batch that its worker has turned away from
    CountDownLatch turnedAway = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<String> ends = new CopyOnWriteArrayList<>();
    Thread worker =
        new Thread(
            () -> {
              BatchThread batches = new BatchThread("batch", INTERVAL);
              assertThatThrownBy(
                      () ->
                          batches.compute(
                              () -> {
                                Uninterrupted.await(release::await);
                                ends.add("batch");
                                return List.of();
                              },
                              () -> {
                                turnedAway.countDown();
                                throw new IllegalStateException("no group");
                              }))
                  .hasMessage("no group");

              // When
              Thread.currentThread().interrupt();
              batches.close();
              ends.add("close");
            });
    worker.start();
    turnedAway.await();
    await().until(() -> worker.getState() == Thread.State.TIMED_WAITING || !worker.isAlive());
    release.countDown();
    worker.join();

    // Then
    assertThat(ends).containsExactly("batch", "close");
  }
}
