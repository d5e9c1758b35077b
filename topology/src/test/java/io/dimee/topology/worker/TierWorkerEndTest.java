package io.dimee.topology.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.lifecycle.Uninterrupted;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a worker ends, and that whoever owns it learns of it. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class TierWorkerEndTest {
  private final FakeCluster cluster = new FakeCluster();

  private static Throwable end(TierWorker worker) {
    return catchThrowable(() -> worker.ended().get(10, TimeUnit.SECONDS)).getCause();
  }

  @Test
  void shouldNotLookAliveAfterAnErrorOfItsThread() {
    // Given
    StackOverflowError error = new StackOverflowError("too deep");
    cluster.consumer.schedulePollTask(
        () -> {
          throw error;
        });

    // When
    try (TierWorker worker = cluster.worker(Delivery.EXACTLY_ONCE)) {
      worker.start();

      // Then
      assertThat(end(worker)).isSameAs(error);
      assertThat(worker.isLive()).isFalse();
      assertThat(cluster.consumer.closed()).isTrue();
    }
  }

  @Test
  void shouldEndWithAnErrorOfABatch() {
    // Given
    StackOverflowError error = new StackOverflowError("too deep");
    cluster.pollBatchOf(cluster.first);
    BatchProcessor processor =
        (records, tooLarge) -> {
          throw error;
        };

    // When
    try (TierWorker worker = cluster.worker(Delivery.EXACTLY_ONCE, processor)) {
      worker.start();

      // Then
      assertThat(end(worker)).hasRootCause(error);
    }
  }

  @Test
  void shouldSayWhyItEndedThoughNoClientCanBeClosed() {
    // Given
    cluster.consumer.closeFailure = new KafkaException("consumer");
    cluster.producerCloseFailure = new KafkaException("producer");
    KafkaException cause = new KafkaException("the cause");
    cluster.consumer.setPollException(cause);

    // When
    try (TierWorker worker = cluster.worker(Delivery.EXACTLY_ONCE)) {
      worker.start();

      // Then
      assertThat(end(worker)).isSameAs(cause);
      assertThat(cause.getSuppressed())
          .extracting(Throwable::getMessage)
          .containsExactly("consumer", "producer");
      assertThat(cluster.consumer.closed()).isTrue();
      assertThat(cluster.producers).hasSize(1).allMatch(FakeCluster.TransactionProducer::closed);
    }
  }

  @Test
  void shouldSayThatAClientCouldNotBeClosedAfterAStop() {
    // Given
    cluster.consumer.closeFailure = new KafkaException("consumer");

    // When
    TierWorker worker = cluster.worker(Delivery.EXACTLY_ONCE);
    cluster.consumer.schedulePollTask(worker::stop);
    worker.start();

    // Then
    assertThat(end(worker)).isSameAs(cluster.consumer.closeFailure);
    assertThat(cluster.producers).allMatch(FakeCluster.TransactionProducer::closed);
  }

  @Test
  void shouldWaitForTheBatchInHandThoughItsOwnerIsInterrupted() throws InterruptedException {
    // Given a batch that is computed
    CountDownLatch computing = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<String> ends = new CopyOnWriteArrayList<>();
    cluster.pollBatchOf(cluster.first);
    BatchProcessor processor =
        (records, tooLarge) -> {
          computing.countDown();
          Uninterrupted.await(release::await);
          ends.add("batch");
          return cluster.answers().process(records, tooLarge);
        };
    TierWorker worker = cluster.worker(Delivery.EXACTLY_ONCE, processor);
    worker.start();
    computing.await();

    // When its owner is in a hurry
    Thread owner =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              worker.close();
              ends.add("close, interrupted: " + Thread.currentThread().isInterrupted());
            });
    owner.start();
    await().until(() -> owner.getState() == Thread.State.WAITING || !owner.isAlive());
    release.countDown();
    owner.join();

    // Then what the batch is computed with stays until it has ended
    assertThat(ends).containsExactly("batch", "close, interrupted: true");
    assertThat(worker.ended()).isCompleted();
  }
}
