package io.dimee.client.outcomes;

import io.dimee.topology.cluster.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads what is committed in ranges of partitions; belongs to no group and leaves no trace. What
 * comes after the ranges is for {@link PartitionWatch}. Safe for one thread.
 */
public final class RangeReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Limits limits;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * How it reads.
   *
   * @param recordsPerPoll most records that are handed on at once
   * @param patience records that do not come for so long will not come
   */
  public record Limits(int recordsPerPoll, Duration patience) {
    /** Waits a minute. */
    public static Limits ofPoll(int recordsPerPoll) {
      return new Limits(recordsPerPoll, Duration.ofMinutes(1));
    }
  }

  /**
   * Offsets of one partition.
   *
   * @param first inclusive
   * @param next exclusive
   */
  public record Range(long first, long next) {}

  /** Connects when it is asked first. */
  public RangeReader(KafkaSettings settings, Limits limits) {
    this.limits = limits;
    this.consumer = new KafkaConsumer<>(settings.consumer(null, limits.recordsPerPoll()));
  }

  /**
   * Takes what was read.
   *
   * @param <E> what it may fail with
   */
  @FunctionalInterface
  public interface Sink<E extends Exception> {
    /**
     * Takes some records.
     *
     * @param records in the order of each partition; all of its range
     * @param positions up to where all has now been handed over, exclusive
     * @return whether more is wanted
     */
    boolean accept(
        List<ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, Long> positions) throws E;
  }

  /** All partitions of the cluster. */
  public Set<TopicPartition> partitions() {
    return consumer.listTopics().values().stream()
        .flatMap(List::stream)
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .collect(Collectors.toSet());
  }

  /**
   * Those of a topic.
   *
   * @throws KafkaException when it may not be read
   */
  public List<TopicPartition> partitions(String topic) {
    return Partitions.of(consumer, List.of(topic));
  }

  /** What partitions hold now. */
  public Map<TopicPartition, Range> held(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Range> ranges = new HashMap<>();
    consumer
        .endOffsets(partitions)
        .forEach((partition, end) -> ranges.put(partition, new Range(begins.get(partition), end)));
    return ranges;
  }

  /** What partitions hold now from a time on. */
  public Map<TopicPartition, Range> heldSince(
      Collection<TopicPartition> partitions, Instant since) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, Range> ranges = new HashMap<>();
    consumer
        .offsetsForTimes(times)
        .forEach(
            (partition, begin) -> {
              long end = ends.get(partition);
              ranges.put(partition, new Range(begin == null ? end : begin.offset(), end));
            });
    return ranges;
  }

  /**
   * Reads ranges; what the topics have lost of them by retention is skipped.
   *
   * @throws KafkaException when the cluster does not answer
   */
  public <E extends Exception> void read(Map<TopicPartition, Range> ranges, Sink<E> sink) throws E {
    consumer.assign(ranges.keySet());
    consumer
        .beginningOffsets(ranges.keySet())
        .forEach(
            (partition, begin) ->
                consumer.seek(partition, Math.max(begin, ranges.get(partition).first())));
    long last = System.nanoTime();
    while (!isAtEnd(ranges)) {
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      List<ConsumerRecord<byte[], byte[]>> records =
          polled.partitions().stream()
              .flatMap(
                  partition ->
                      polled.records(partition).stream().filter(isIn(ranges.get(partition))))
              .toList();
      if (!sink.accept(records, positions(ranges))) {
        return;
      }
      if (!polled.isEmpty()) {
        last = System.nanoTime();
      } else if (System.nanoTime() - last > limits.patience().toNanos()) {
        throw new KafkaException(
            "%s cannot be read for %s"
                .formatted(
                    ranges.keySet().stream().map(TopicPartition::topic).distinct().toList(),
                    limits.patience()));
      }
    }
  }

  private static Predicate<ConsumerRecord<byte[], byte[]>> isIn(Range range) {
    return record -> record.offset() < range.next();
  }

  private boolean isAtEnd(Map<TopicPartition, Range> ranges) {
    return ranges.entrySet().stream()
        .allMatch(range -> consumer.position(range.getKey()) >= range.getValue().next());
  }

  private Map<TopicPartition, Long> positions(Map<TopicPartition, Range> ranges) {
    Map<TopicPartition, Long> positions = new HashMap<>();
    ranges.forEach(
        (partition, range) ->
            positions.put(partition, Math.min(range.next(), consumer.position(partition))));
    return positions;
  }

  @Override
  public void close() {
    // Kafka does not close what an interrupted thread closes, and complains
    boolean isInterrupted = Thread.interrupted();
    consumer.close(CloseOptions.timeout(Duration.ZERO));
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
