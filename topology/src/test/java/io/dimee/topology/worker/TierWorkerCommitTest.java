package io.dimee.topology.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.worker.FakeCluster.Commit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker writes, and how often, when brokers do not say what became of it. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class TierWorkerCommitTest {
  private final FakeCluster cluster = new FakeCluster();

  /** Runs a worker until offsets are committed, and through a poll after that. */
  private void run(Delivery delivery) {
    run(delivery, () -> !cluster.committed.isEmpty());
  }

  private void run(Delivery delivery, Callable<Boolean> isDone) {
    try (TierWorker worker = cluster.worker(delivery)) {
      worker.start();
      await().until(() -> worker.ended().isDone() || isDone.call());
      AtomicBoolean polled = new AtomicBoolean();
      cluster.consumer.schedulePollTask(() -> polled.set(true));
      await().until(() -> worker.ended().isDone() || polled.get());
      assertThat(worker.ended()).isNotCompletedExceptionally();
    }
  }

  private Throwable failure(Delivery delivery) {
    try (TierWorker worker = cluster.worker(delivery)) {
      worker.start();
      return catchThrowable(() -> worker.ended().join()).getCause();
    }
  }

  @Test
  void shouldNotWriteABatchAgainWhoseCommitWasDecidedWithoutAnAnswer() {
    // Given
    cluster.pollBatchOf(cluster.first);
    Collections.addAll(cluster.commits, Commit.ANSWER_LOST);

    // When
    run(Delivery.EXACTLY_ONCE);

    // Then the producer that asked has asked again
    assertThat(cluster.visible).containsExactly("a");
    assertThat(cluster.sent).containsExactly("a");
    assertThat(cluster.producers).hasSize(1);
  }

  @Test
  void shouldCommitWhatWasNotDecidedWithoutSendingItAgain() {
    // Given
    cluster.pollBatchOf(cluster.first);
    Collections.addAll(cluster.commits, Commit.REQUEST_LOST, Commit.REQUEST_LOST);

    // When
    run(Delivery.EXACTLY_ONCE);

    // Then
    assertThat(cluster.visible).containsExactly("a");
    assertThat(cluster.sent).containsExactly("a");
    assertThat(cluster.committed).containsEntry(cluster.first, 1L);
  }

  @Test
  void shouldLearnFromTheOffsetsWhatAProducerThatIsFencedHasCommitted() {
    // Given a commit that was decided, of a producer that cannot ask again, and another batch
    cluster.pollBatchOf(cluster.first);
    Collections.addAll(cluster.commits, Commit.ANSWER_LOST, Commit.FENCED);
    cluster.consumer.schedulePollTask(() -> cluster.add(cluster.first, 1, "next"));

    // When
    run(Delivery.EXACTLY_ONCE, () -> cluster.committed.getOrDefault(cluster.first, 0L) == 2);

    // Then
    assertThat(cluster.visible).containsExactly("a", "next");
    assertThat(cluster.sent).containsExactly("a", "next");
  }

  @Test
  void shouldWriteAgainWhatTheOffsetsSayIsNotCommitted() {
    // Given
    cluster.pollBatchOf(cluster.first);
    Collections.addAll(cluster.commits, Commit.REQUEST_LOST, Commit.FENCED);

    // When
    run(Delivery.EXACTLY_ONCE);

    // Then
    assertThat(cluster.visible).containsExactly("a");
    assertThat(cluster.sent).containsExactly("a", "a");
    assertThat(cluster.producers).hasSize(2);
  }

  @Test
  void shouldAskForTheOffsetsUntilTheyAreAnswered() {
    // Given offsets that wait for a transaction's end, and a stop of the wait
    cluster.pollBatchOf(cluster.first);
    Collections.addAll(cluster.commits, Commit.ANSWER_LOST, Commit.FENCED);
    Collections.addAll(
        cluster.consumer.offsetFailures,
        new TimeoutException("offsets are not stable"),
        new WakeupException());

    // When
    run(Delivery.EXACTLY_ONCE);

    // Then
    assertThat(cluster.visible).containsExactly("a");
    assertThat(cluster.sent).containsExactly("a");
  }

  @Test
  void shouldWriteOnlyTheRestWhenTheOffsetsCoverAPart() {
    // Given a batch of two partitions, one of which others have answered
    cluster.pollBatchOf(cluster.first, cluster.second);
    Collections.addAll(cluster.commits, Commit.REQUEST_LOST, Commit.FENCED);
    cluster.committed.put(cluster.first, 1L);

    // When
    run(Delivery.EXACTLY_ONCE, () -> cluster.committed.containsKey(cluster.second));

    // Then
    assertThat(cluster.visible).containsExactly("b");
    assertThat(cluster.sent).containsExactlyInAnyOrder("a", "b", "b");
  }

  @Test
  void shouldSettleACommitThoughItsPartitionsHaveMoved() {
    // Given a commit that was decided, and that the second partition leaves before that is known
    cluster.pollBatchOf(cluster.first, cluster.second);
    Collections.addAll(cluster.commits, Commit.ANSWER_LOST);
    cluster.consumer.schedulePollTask(() -> cluster.consumer.assign(List.of(cluster.first)));

    // When
    run(Delivery.EXACTLY_ONCE);

    // Then
    assertThat(cluster.visible).containsExactlyInAnyOrder("a", "b");
    assertThat(cluster.sent).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void shouldLeaveToOthersWhatHasMovedBeforeACommitFailed() {
    // Given a commit that was not decided, and that the second partition leaves meanwhile
    cluster.pollBatchOf(cluster.first, cluster.second);
    Collections.addAll(cluster.commits, Commit.REQUEST_LOST, Commit.FENCED);
    cluster.consumer.schedulePollTask(() -> cluster.consumer.assign(List.of(cluster.first)));

    // When
    run(Delivery.EXACTLY_ONCE);

    // Then
    assertThat(cluster.visible).containsExactly("a");
  }

  @Test
  void shouldDropABatchInDoubtWhosePartitionsHaveAllMoved() {
    // Given
    cluster.pollBatchOf(cluster.first);
    Collections.addAll(cluster.commits, Commit.REQUEST_LOST, Commit.FENCED);
    cluster.consumer.schedulePollTask(() -> cluster.consumer.assign(List.of(cluster.second)));
    cluster.consumer.schedulePollTask(() -> cluster.add(cluster.second, 0, "b"));

    // When
    run(Delivery.EXACTLY_ONCE, () -> cluster.committed.getOrDefault(cluster.second, 0L) == 1);

    // Then
    assertThat(cluster.visible).containsExactly("b");
  }

  @Test
  void shouldAskOnceMoreWhenItIsInterruptedWhileItCommits() {
    // Given
    cluster.pollBatchOf(cluster.first);
    Collections.addAll(cluster.commits, Commit.INTERRUPTED);
    AtomicBoolean interrupted = new AtomicBoolean();
    cluster.consumer.schedulePollTask(
        () -> interrupted.set(Thread.currentThread().isInterrupted()));

    // When
    run(Delivery.EXACTLY_ONCE);

    // Then it is known what was committed, and whoever interrupts is not forgotten
    assertThat(interrupted).isTrue();
    assertThat(cluster.visible).containsExactly("a");
    assertThat(cluster.sent).containsExactly("a");
  }

  @Test
  void shouldStopWithoutWaitingForACommitThatIsNotAnswered() {
    // Given brokers that stay silent
    cluster.pollBatchOf(cluster.first);
    cluster.commits.addAll(Collections.nCopies(100, Commit.REQUEST_LOST));
    try (TierWorker worker = cluster.worker(Delivery.EXACTLY_ONCE)) {
      cluster.consumer.schedulePollTask(worker::stop);

      // When
      worker.start();
      worker.ended().join();
    }

    // Then nothing is decided, so that whoever is next answers
    assertThat(cluster.commits).hasSize(98);
    assertThat(cluster.visible).isEmpty();
    assertThat(cluster.committed).isEmpty();
  }

  @Test
  void shouldGiveUpACommitThatIsNeverAnswered() {
    // Given
    cluster.pollBatchOf(cluster.first);
    cluster.commits.addAll(Collections.nCopies(100, Commit.REQUEST_LOST));

    // Then
    assertThat(failure(Delivery.EXACTLY_ONCE))
        .hasMessageContaining("in 10 attempts")
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(cluster.sent).containsExactly("a");
    assertThat(cluster.pauses).hasSize(9);
  }

  @Test
  void shouldStopWhenItMayNotAskForTheOffsets() {
    // Given
    cluster.pollBatchOf(cluster.first);
    Collections.addAll(cluster.commits, Commit.ANSWER_LOST, Commit.FENCED);
    cluster.consumer.offsetFailures.add(new GroupAuthorizationException("group"));

    // Then
    assertThat(failure(Delivery.EXACTLY_ONCE)).isInstanceOf(GroupAuthorizationException.class);
    assertThat(cluster.visible).containsExactly("a");
  }

  @Test
  void shouldSendNoMoreOfABatchOnceItsTopicIsMissing() {
    for (Delivery delivery : Delivery.values()) {
      // Given a backlog, and a client that waits for the topic with each record again
      FakeCluster fake = new FakeCluster();
      fake.consumer.schedulePollTask(
          () -> {
            fake.consumer.assign(List.of(fake.first));
            IntStream.range(0, 300).forEach(i -> fake.add(fake.first, i, "e" + i));
            fake.consumer.updatePartitions(fake.topics.predictions(), List.of());
          });
      fake.refusals.addAll(
          Collections.nCopies(300, Optional.of(new TimeoutException("not present in metadata"))));
      BatchProcessor toNowhere =
          (records, tooLarge) ->
              fake.answers().process(records, tooLarge).stream()
                  .map(
                      output ->
                          new Output(
                              output.source(),
                              new ProducerRecord<>(
                                  "fake.absent", output.record().key(), new byte[0]),
                              output.span()))
                  .toList();

      // When
      try (TierWorker worker = fake.worker(delivery, toNowhere)) {
        worker.start();
        Throwable failure = catchThrowable(() -> worker.ended().join()).getCause();

        // Then
        assertThat(failure).hasMessageContaining("no topic fake.absent");
        assertThat(fake.sent).containsExactly("e0");
        assertThat(fake.committed).isEmpty();
      }
    }
  }

  @Test
  void shouldCommitOffsetsOfOutcomesThatAreSentThoughItIsStopped() {
    // Given a stop that reaches the worker while it commits
    cluster.pollBatchOf(cluster.first);
    cluster.consumer.offsetFailures.add(new WakeupException());

    // When
    run(Delivery.AT_LEAST_ONCE);

    // Then
    assertThat(cluster.visible).containsExactly("a");
    assertThat(cluster.committed).isEqualTo(Map.of(cluster.first, 1L));
  }

  @Test
  void shouldNotSendOutcomesAgainWhenOnlyTheirOffsetsAreNotCommitted() {
    // Given brokers that are silent, then a group that is busy
    cluster.pollBatchOf(cluster.first);
    Collections.addAll(
        cluster.consumer.offsetFailures,
        new TimeoutException("no answer"),
        new RebalanceInProgressException("busy"),
        new CommitFailedException("generation"));
    for (int i = 0; i < 2; i++) {
      cluster.consumer.schedulePollTask(() -> cluster.consumer.assign(List.of(cluster.first)));
    }

    // When
    run(Delivery.AT_LEAST_ONCE);

    // Then
    assertThat(cluster.visible).containsExactly("a");
    assertThat(cluster.committed).containsEntry(cluster.first, 1L);
  }

  @Test
  void shouldSendAgainOnlyWhatWasRefused() {
    // Given
    cluster.pollBatchOf(cluster.first, cluster.second);
    Collections.addAll(
        cluster.refusals, Optional.empty(), Optional.of(new NetworkException("disconnected")));

    // When
    run(Delivery.AT_LEAST_ONCE);

    // Then
    assertThat(cluster.visible).containsExactlyInAnyOrder("a", "b");
    assertThat(cluster.sent).hasSize(3);
    assertThat(cluster.committed).isEqualTo(Map.of(cluster.first, 1L, cluster.second, 1L));
  }

  @Test
  void shouldReplaceAProducerThatCannotBeOpened() {
    // Given a first producer that is fenced, and brokers that give no other a producer's id
    cluster.pollBatchOf(cluster.first);
    Collections.addAll(cluster.commits, Commit.FENCED);
    cluster.openFailures.addAll(
        List.of(Optional.empty(), Optional.of(new KafkaException("coordinator is loading"))));

    // When
    run(Delivery.EXACTLY_ONCE);

    // Then
    assertThat(cluster.visible).containsExactly("a");
    assertThat(cluster.producers).hasSize(3).allMatch(FakeCluster.TransactionProducer::closed);
  }
}
