package io.dimee.topology.worker;

import io.dimee.inference.bundle.Tier;
import io.dimee.topology.clients.GroupConsumer;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.lifecycle.Timing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.Span;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
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
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A cluster of one topic of tasks and one of outcomes, whose answers fail as a test wants. Commits
 * behave as those of Kafka's clients: one that was not answered may be asked for again on the same
 * producer, and on no other; it cannot be aborted.
 */
final class FakeCluster implements TierWorker.Clients {
  /** What becomes of a request to commit a transaction. */
  enum Commit {
    /** Decided, and answered. */
    DECIDED,
    /** Decided; the answer is lost. */
    ANSWER_LOST,
    /** Never reaches the brokers. */
    REQUEST_LOST,
    /** Decided, while the thread that waits for the answer is interrupted. */
    INTERRUPTED,
    /** Refused: the producer is fenced. */
    FENCED
  }

  final Topics topics = new Topics("fake.");
  final TopicPartition first = new TopicPartition(topics.easy(), 0);
  final TopicPartition second = new TopicPartition(topics.easy(), 1);

  /** Offsets of the group. */
  final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();

  /** Keys of the outcomes that readers of committed records see. */
  final List<String> visible = new CopyOnWriteArrayList<>();

  /** Keys that were handed to a producer, whether they were written or not. */
  final List<String> sent = new CopyOnWriteArrayList<>();

  /** Pauses that a worker made. */
  final List<Duration> pauses = new CopyOnWriteArrayList<>();

  /** What becomes of the next commits; those after them are decided. */
  final Queue<Commit> commits = new ArrayDeque<>();

  /** What becomes of the next outcomes that are sent; empty for one that is written. */
  final Queue<Optional<RuntimeException>> refusals = new ArrayDeque<>();

  /** What becomes of the next producers that ask for an id; empty for one that gets one. */
  final Queue<Optional<RuntimeException>> openFailures = new ArrayDeque<>();

  final List<TransactionProducer> producers = new CopyOnWriteArrayList<>();

  /** Thrown by producers that are closed, unless null. */
  RuntimeException producerCloseFailure;

  final GroupConsumer consumer = new GroupConsumer();

  FakeCluster() {
    consumer.updateBeginningOffsets(Map.of(first, 0L, second, 0L));
    consumer.updatePartitions(
        topics.predictions(),
        List.of(new PartitionInfo(topics.predictions(), 0, null, null, null)));
  }

  /** A consumer whose group's generation grows with every rebalance. */
  final class GroupConsumer extends MockConsumer<byte[], byte[]> {
    /** Thrown by the next calls that ask for offsets, or commit them. */
    final Queue<RuntimeException> offsetFailures = new ArrayDeque<>();

    /** Thrown when it is closed, unless null. */
    RuntimeException closeFailure;

    private int generation;

    GroupConsumer() {
      super("earliest");
    }

    void assign(List<TopicPartition> partitions) {
      generation++;
      rebalance(partitions);
    }

    @Override
    @SuppressWarnings("removal") // MockConsumer itself has but one generation
    public synchronized ConsumerGroupMetadata groupMetadata() {
      return new ConsumerGroupMetadata("group", generation, "member", Optional.empty());
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
        Set<TopicPartition> partitions, Duration timeout) {
      throwNext();
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      partitions.forEach(
          partition ->
              offsets.put(
                  partition,
                  committed.containsKey(partition)
                      ? new OffsetAndMetadata(committed.get(partition))
                      : null));
      return offsets;
    }

    @Override
    public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
      throwNext();
      offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
    }

    /** MockConsumer still names partitions that have left. */
    @Override
    public synchronized Set<TopicPartition> paused() {
      Set<TopicPartition> paused = new HashSet<>(super.paused());
      paused.retainAll(assignment());
      return paused;
    }

    private void throwNext() {
      RuntimeException failure = offsetFailures.poll();
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void close() {
      super.close();
      if (closeFailure != null) {
        throw closeFailure;
      }
    }
  }

  /** A producer whose commits are answered as the test wants. */
  final class TransactionProducer extends MockProducer<byte[], byte[]> {
    private final Map<TopicPartition, Long> offsets = new HashMap<>();
    private final List<String> keys = new ArrayList<>();
    private boolean inTransaction;
    private boolean isPending;
    private RuntimeException refusal;

    TransactionProducer() {
      super(Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void initTransactions() {
      Optional<RuntimeException> failure =
          openFailures.isEmpty() ? Optional.empty() : openFailures.poll();
      if (failure.isPresent()) {
        throw failure.get();
      }
      super.initTransactions();
    }

    @Override
    public void beginTransaction() {
      requireNotPending();
      super.beginTransaction();
      inTransaction = true;
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      String key = new String(record.key(), StandardCharsets.UTF_8);
      sent.add(key);
      Optional<RuntimeException> next = refusals.isEmpty() ? Optional.empty() : refusals.poll();
      if (next.isPresent()) {
        refusal = next.get();
        callback.onCompletion(null, refusal);
        return CompletableFuture.failedFuture(refusal);
      }
      (inTransaction ? keys : visible).add(key);
      return super.send(record, callback);
    }

    @Override
    public void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> ends, ConsumerGroupMetadata group) {
      super.sendOffsetsToTransaction(ends, group);
      ends.forEach((partition, end) -> offsets.put(partition, end.offset()));
    }

    @Override
    public void commitTransaction() {
      if (refusal != null) {
        throw new KafkaException("in an error state", refusal);
      }
      Commit commit = commits.isEmpty() ? Commit.DECIDED : commits.poll();
      switch (commit) {
        case DECIDED -> {
          decide();
          isPending = false;
          super.commitTransaction();
        }
        case ANSWER_LOST -> {
          decide();
          isPending = true;
          throw new TimeoutException("no answer to the commit");
        }
        case REQUEST_LOST -> {
          isPending = true;
          throw new TimeoutException("no answer to the commit");
        }
        case INTERRUPTED -> {
          decide();
          isPending = true;
          throw new InterruptException("interrupted while waiting for the commit");
        }
        case FENCED -> {
          isPending = false;
          fenceProducer();
          throw new ProducerFencedException("fenced");
        }
        default -> throw new AssertionError(commit);
      }
    }

    private void decide() {
      visible.addAll(keys);
      committed.putAll(offsets);
      keys.clear();
      offsets.clear();
    }

    @Override
    public void abortTransaction() {
      requireNotPending();
      super.abortTransaction();
      refusal = null;
      keys.clear();
      offsets.clear();
    }

    private void requireNotPending() {
      if (isPending) {
        throw new IllegalStateException("the previous commit timed out and must be retried");
      }
    }

    @Override
    public void close(Duration timeout) {
      super.close(timeout);
      if (producerCloseFailure != null) {
        throw producerCloseFailure;
      }
    }
  }

  @Override
  public Consumer<byte[], byte[]> consumer() {
    return consumer;
  }

  @Override
  public Producer<byte[], byte[]> producer() {
    TransactionProducer producer = new TransactionProducer();
    producers.add(producer);
    return producer;
  }

  /** Adds a record behind those that a partition has. */
  void add(TopicPartition partition, long offset, String key) {
    consumer.addRecord(
        new ConsumerRecord<>(
            partition.topic(),
            partition.partition(),
            offset,
            key.getBytes(StandardCharsets.UTF_8),
            new byte[0]));
  }

  /**
   * Has a record of each partition polled as the first batch: "a" of the first, "b" of the next.
   */
  void pollBatchOf(TopicPartition... partitions) {
    consumer.schedulePollTask(
        () -> {
          consumer.assign(List.of(partitions));
          for (int i = 0; i < partitions.length; i++) {
            add(partitions[i], 0, Character.toString('a' + i));
          }
        });
  }

  /** Outcomes with their records' keys, for the topic of predictions. */
  BatchProcessor answers() {
    return (records, tooLarge) ->
        records.stream()
            .map(
                record ->
                    new Output(
                        record,
                        new ProducerRecord<>(topics.predictions(), record.key(), record.value()),
                        Span.getInvalid()))
            .toList();
  }

  TierWorker worker(Delivery delivery) {
    return worker(delivery, answers());
  }

  TierWorker worker(Delivery delivery, BatchProcessor processor) {
    return new TierWorker(
        Tier.MOBILE,
        topics,
        delivery,
        processor,
        this,
        new WorkerMeters(new SimpleMeterRegistry(), Tier.MOBILE),
        new WorkerPulse(System::nanoTime),
        new Timing() {
          @Override
          public long nanoTime() {
            return System.nanoTime();
          }

          @Override
          public void sleep(Duration time) {
            pauses.add(time);
          }
        });
  }
}
