package io.dimee.topology.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.dimee.avro.InferenceTask;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.serdes.HiddenCodec;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tier.TestModel;
import io.dimee.topology.tracing.EventTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A worker whose group and broker fail at a moment that no real cluster can be made to hit. Records
 * that are no tasks become dead letters without the model.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class TierWorkerTest {
  @RegisterExtension static final OpenTelemetryExtension TRACES = OpenTelemetryExtension.create();

  private TestModel test;
  private SegmentSet model;
  private TopicPartition first;
  private TopicPartition second;
  private Group consumer;
  private MockProducer<byte[], byte[]> producer;
  private final AtomicLong nanos = new AtomicLong();

  @BeforeAll
  void load() {
    test = new TestModel();
    model = test.load(Tier.MOBILE);
    first = new TopicPartition(test.topics.easy(), 0);
    second = new TopicPartition(test.topics.easy(), 1);
  }

  @AfterAll
  void close() {
    model.close();
    test.close();
  }

  /** A group whose generation grows with every rebalance. */
  private static final class Group extends MockConsumer<byte[], byte[]> {
    private int generation;
    private long soughtTo;

    Group() {
      super("earliest");
    }

    void assign(List<TopicPartition> partitions) {
      generation++;
      rebalance(partitions);
    }

    @Override
    public synchronized void seek(TopicPartition partition, OffsetAndMetadata offset) {
      soughtTo = offset.offset();
      super.seek(partition, offset);
    }

    @Override
    @SuppressWarnings("removal") // MockConsumer itself has but one generation
    public synchronized ConsumerGroupMetadata groupMetadata() {
      return new ConsumerGroupMetadata("group", generation, "member", Optional.empty());
    }
  }

  @BeforeEach
  void connect() {
    consumer = new Group();
    consumer.updateBeginningOffsets(Map.of(first, 0L, second, 0L));
    producer =
        new MockProducer<>(
            Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private void add(TopicPartition partition, String key) {
    consumer.addRecord(
        new ConsumerRecord<>(
            partition.topic(),
            partition.partition(),
            0,
            key.getBytes(StandardCharsets.UTF_8),
            "no task".getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> committedKeys() {
    return producer.history().stream()
        .map(ProducerRecord::key)
        .map(key -> new String(key, StandardCharsets.UTF_8))
        .toList();
  }

  /** Partition and status of each span that has ended. */
  private static List<String> endsOfSpans() {
    return TRACES.getSpans().stream()
        .map(
            span ->
                span.getAttributes()
                        .get(AttributeKey.stringKey("messaging.destination.partition.id"))
                    + ": "
                    + span.getStatus().getDescription())
        .toList();
  }

  private TierWorker worker() {
    return worker(
        test.processor(
            Tier.MOBILE,
            model,
            HiddenCodec.FP16,
            Prices.DEFAULT,
            SpillSwitch.never(),
            new EventTracer(TRACES.getOpenTelemetry())));
  }

  private TierWorker worker(BatchProcessor processor) {
    return new TierWorker(
        Tier.MOBILE,
        test.topics,
        Delivery.EXACTLY_ONCE,
        processor,
        new TierWorker.Clients() {
          @Override
          public Consumer<byte[], byte[]> consumer() {
            return consumer;
          }

          @Override
          public Producer<byte[], byte[]> producer() {
            return producer;
          }
        },
        new WorkerMeters(test.meters, Tier.MOBILE),
        new WorkerPulse(nanos::get));
  }

  /** Runs a worker through the polls that were scheduled. */
  private void run() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    consumer.schedulePollTask(done::countDown);
    try (TierWorker worker = worker()) {
      worker.start();
      done.await();
      assertThat(worker.ended()).isNotCompletedExceptionally();
    }
  }

  @Test
  void shouldCommitABatchAgainWhenItsPartitionsHaveStayed() throws InterruptedException {
    // Given a first commit of a generation that is over, and a next one with the same partition
    producer.sendOffsetsToTransactionException = new CommitFailedException("generation");
    consumer.schedulePollTask(
        () -> {
          consumer.assign(List.of(first));
          add(first, "a");
        });
    consumer.schedulePollTask(
        () -> {
          producer.sendOffsetsToTransactionException = null;
          consumer.assign(List.of(first));
        });

    // When
    run();

    // Then it is answered once, and was computed once
    assertThat(committedKeys()).containsExactly("a");
    assertThat(endsOfSpans()).containsExactly("0: unreadable_record");
  }

  @Test
  void shouldNotAnswerWhatAnotherWorkerMayHaveAnswered() throws InterruptedException {
    // Given that one of two partitions goes to another worker and comes back
    producer.sendOffsetsToTransactionException = new CommitFailedException("generation");
    consumer.schedulePollTask(
        () -> {
          consumer.assign(List.of(first, second));
          add(first, "a");
          add(second, "b");
        });
    consumer.schedulePollTask(
        () -> {
          producer.sendOffsetsToTransactionException = null;
          consumer.assign(List.of(second));
          consumer.updateBeginningOffsets(Map.of(first, 1L));
          consumer.assign(List.of(first, second));
        });

    // When
    run();

    // Then the other worker's answer is the only one, and the traces say whose this one's is
    assertThat(committedKeys()).containsExactly("b");
    assertThat(endsOfSpans()).containsExactlyInAnyOrder("0: not committed", "1: unreadable_record");
  }

  /**
   * A broker that refuses the outcome of one event unless it says that it is too large; once it has
   * refused, all that the client holds back fails alike.
   */
  private static final class Refusing extends MockProducer<byte[], byte[]> {
    private final String id;
    private boolean hasRefused;

    Refusing(String id) {
      super(Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
      this.id = id;
    }

    static boolean isPutAside(ProducerRecord<byte[], byte[]> record) {
      return new String(record.value(), StandardCharsets.ISO_8859_1)
          .contains("rejected the outcome");
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      hasRefused |=
          new String(record.key(), StandardCharsets.UTF_8).equals(id) && !isPutAside(record);
      if (!hasRefused) {
        return super.send(record, callback);
      }
      commitTransactionException = new RecordTooLargeException("too large");
      callback.onCompletion(null, commitTransactionException);
      return CompletableFuture.failedFuture(commitTransactionException);
    }

    @Override
    public synchronized void abortTransaction() {
      hasRefused = false;
      commitTransactionException = null;
      super.abortTransaction();
    }
  }

  @Test
  void shouldPutAsideOnlyTheRecordThatIsTooLarge() throws InterruptedException {
    // Given
    producer = new Refusing("large");
    consumer.schedulePollTask(
        () -> {
          consumer.assign(List.of(first));
          List<String> ids = List.of("a", "large", "b");
          for (int i = 0; i < ids.size(); i++) {
            consumer.addRecord(
                new ConsumerRecord<>(
                    first.topic(),
                    first.partition(),
                    i,
                    ids.get(i).getBytes(StandardCharsets.UTF_8),
                    test.formats
                        .of(InferenceTask.class)
                        .encode(
                            first.topic(),
                            test.task(ids.get(i), "a fine film", Policy.MOBILE_ONLY))));
          }
        });

    // When
    run();

    // Then
    assertThat(committedKeys()).containsExactly("a", "large", "b");
    assertThat(endsOfSpans())
        .containsExactly(
            "0: not committed",
            "0: not committed",
            "0: not committed",
            "0: ",
            "0: record_too_large",
            "0: ");
    assertThat(producer.history())
        .filteredOn(Refusing::isPutAside)
        .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
        .containsExactly("large");
  }

  /** A broker that writes nothing, for one reason; and counts attempts. */
  private static final class Failing extends MockProducer<byte[], byte[]> {
    private final RuntimeException reason;
    private int attempts;

    Failing(RuntimeException reason) {
      super(Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
      this.reason = reason;
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      attempts++;
      commitTransactionException = reason;
      callback.onCompletion(null, reason);
      return CompletableFuture.failedFuture(reason);
    }
  }

  private Throwable failure() {
    consumer.schedulePollTask(
        () -> {
          consumer.assign(List.of(first));
          add(first, "a");
        });
    try (TierWorker worker = worker()) {
      worker.start();
      return catchThrowable(() -> worker.ended().join()).getCause();
    }
  }

  @Test
  void shouldStopWhenTheDeadLetterTopicIsGone() {
    // Given a cluster of which the client knows no such topic
    Failing failing = new Failing(new TimeoutException("not present in metadata"));
    producer = failing;

    // Then it stops at once, and has committed nothing
    assertThat(failure()).hasMessageContaining("no topic test.dead-letters");
    assertThat(failing.attempts).isEqualTo(1);
    assertThat(failing.consumerGroupOffsetsHistory()).isEmpty();
  }

  @Test
  void shouldStopWhenItMayNotWriteDeadLetters() {
    Failing failing = new Failing(new TopicAuthorizationException("test.dead-letters"));
    producer = failing;

    assertThat(failure()).isInstanceOf(TopicAuthorizationException.class);
    assertThat(endsOfSpans()).containsExactly("0: not committed");
    assertThat(failing.attempts).isEqualTo(1);
    assertThat(failing.consumerGroupOffsetsHistory()).isEmpty();
  }

  @Test
  void shouldStopWhenTheDeadLetterTopicTakesNotEvenDeadLetters() {
    Failing failing = new Failing(new RecordTooLargeException("too large"));
    producer = failing;

    assertThat(failure()).hasMessageContaining("test.dead-letters rejects a dead letter");
    assertThat(failing.consumerGroupOffsetsHistory()).isEmpty();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void shouldNotBeLiveWhileItsPollDoesNotReturn() throws InterruptedException {
    // Given
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    consumer.schedulePollTask(
        () -> {
          stuck.countDown();
          awaitUninterruptibly(release);
        });
    try (TierWorker worker = worker()) {
      worker.start();
      stuck.await();
      assertThat(worker.isLive()).isTrue();

      // When
      pass(Duration.ofMinutes(4));

      // Then
      assertThat(worker.isLive()).isFalse();
      release.countDown();
      await().until(worker::isLive);
    }
  }

  /** Its thread keeps taking part in the group meanwhile. */
  @Test
  void shouldNotBeLiveWhileABatchDoesNotEnd() throws InterruptedException {
    // Given
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    consumer.schedulePollTask(
        () -> {
          consumer.assign(List.of(first));
          add(first, "a");
        });
    BatchProcessor processor =
        (records, tooLarge) -> {
          stuck.countDown();
          awaitUninterruptibly(release);
          return List.of();
        };
    try (TierWorker worker = worker(processor)) {
      worker.start();
      stuck.await();

      // When
      pass(Duration.ofMinutes(14));
      await().until(worker::isLive);
      pass(Duration.ofMinutes(2));

      // Then
      assertThat(worker.isLive()).isFalse();
      release.countDown();
      await().until(worker::isLive);
    }
  }

  /** Brokers that answer no commit for minutes: restarting it would not help. */
  @Test
  void shouldBeLiveWhileItTriesToCommit() throws InterruptedException {
    // Given
    List<Boolean> live = new ArrayList<>();
    AtomicReference<TierWorker> trying = new AtomicReference<>();
    producer =
        new MockProducer<>(
            Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
          @Override
          public synchronized void commitTransaction() {
            live.add(trying.get().isLive());
            if (live.size() < 4) {
              pass(Duration.ofMinutes(2));
              throw new KafkaException("no answer");
            }
            super.commitTransaction();
          }
        };
    consumer.schedulePollTask(
        () -> {
          consumer.assign(List.of(first));
          add(first, "a");
        });
    CountDownLatch done = new CountDownLatch(1);
    consumer.schedulePollTask(done::countDown);

    // When
    try (TierWorker worker = worker()) {
      trying.set(worker);
      worker.start();
      done.await();
    }

    // Then
    assertThat(live).hasSize(4).doesNotContain(false);
    assertThat(committedKeys()).containsExactly("a");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a worker", e);
    }
  }

  @Test
  void shouldCommitNoMoreThanABatchHolds() throws InterruptedException {
    // Given a poll whose records are each more than half of what a batch holds
    byte[] large = new byte[BatchBytes.MOST / 2 + 1];
    consumer.schedulePollTask(
        () -> {
          consumer.assign(List.of(first));
          for (int i = 0; i < 3; i++) {
            consumer.addRecord(
                new ConsumerRecord<>(first.topic(), first.partition(), i, new byte[0], large));
          }
        });

    // When
    run();

    // Then the first is answered, and the next is where the worker continues
    assertThat(producer.history()).hasSize(1);
    assertThat(producer.consumerGroupOffsetsHistory())
        .singleElement()
        .satisfies(offsets -> assertThat(offsets.get("group").get(first).offset()).isEqualTo(1));
    assertThat(consumer.soughtTo).isEqualTo(1);
  }
}
