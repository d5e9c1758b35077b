package io.dimee.client.outcomes;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.deadletters.DeadLetters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads committed predictions and dead letters, also those of topics and partitions that come
 * later; belongs to no group and leaves no trace.
 */
public final class OutcomeReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeReader.class);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Consumer<byte[], byte[]> consumer;
  private final OutcomeDecoder decoder;
  private final PartitionWatch watch;

  /** Creates a reader of all that the given topics hold; it owns the consumer. */
  public OutcomeReader(Consumer<byte[], byte[]> consumer, Wire wire, List<String> names) {
    this(
        consumer,
        new OutcomeDecoder(wire),
        watch(names, PartitionWatch.Held::begin, System::nanoTime));
  }

  /** Begins to watch; it owns the consumer. */
  OutcomeReader(Consumer<byte[], byte[]> consumer, OutcomeDecoder decoder, PartitionWatch watch) {
    this.consumer = consumer;
    this.decoder = decoder;
    this.watch = watch;
    try {
      watch.follow(consumer);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /**
   * Creates a reader of what comes after this; it owns the consumer.
   *
   * @throws org.apache.kafka.common.KafkaException when one of the topics does not exist
   */
  public static OutcomeReader fromNowOn(Consumer<byte[], byte[]> consumer, Wire wire) {
    Topics topics = wire.topics();
    List<String> names = List.of(topics.predictions(), topics.deadLetters());
    try {
      Partitions.ofAll(names, consumer::partitionsFor);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    return new OutcomeReader(
        consumer,
        new OutcomeDecoder(wire),
        watch(names, PartitionWatch.Held::end, System::nanoTime));
  }

  /** Partitions that come later hold nothing that is older than their coming. */
  static PartitionWatch watch(
      List<String> names, ToLongFunction<PartitionWatch.Held> first, LongSupplier nanoTime) {
    return new PartitionWatch(
        names, Partitions::of, first, PartitionWatch.Held::begin, PATIENCE, nanoTime);
  }

  /**
   * Reads what has come, waiting for it a while; what is no outcome is passed over ({@link
   * OutcomeDecoder}). A dead letter whose event could not be read gets its record's key as the
   * event's id.
   *
   * @return the number of records
   */
  public int poll(
      Duration patience,
      java.util.function.Consumer<Prediction> onPrediction,
      java.util.function.Consumer<DeadLetter> onDeadLetter) {
    if (watch.isDue()) {
      lookAgain();
    }
    if (consumer.assignment().isEmpty()) {
      // the topics are not there yet
      LockSupport.parkNanos(patience.toNanos());
      return 0;
    }
    return watch.poll(consumer, patience, record -> decode(record, onPrediction, onDeadLetter));
  }

  /** What is read already must not end because the cluster is away for a while. */
  private void lookAgain() {
    try {
      watch.follow(consumer);
    } catch (RetriableException e) {
      LOG.debug("looking for more partitions later: {}", e.getMessage());
    }
  }

  private void decode(
      ConsumerRecord<byte[], byte[]> record,
      java.util.function.Consumer<Prediction> onPrediction,
      java.util.function.Consumer<DeadLetter> onDeadLetter) {
    decoder.decode(
        record,
        onPrediction,
        letter -> {
          letter.setEventId(DeadLetters.eventId(letter, record.key()));
          onDeadLetter.accept(letter);
        });
  }

  /** Whether all that was there when this is called has been read. */
  public boolean isAtEnd() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    return ends.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
