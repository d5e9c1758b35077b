package io.dimee.client.outcomes;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Has a consumer of no group read all partitions of topics, those that come later too, and knows
 * where it was when another consumer takes over. Safe for one thread.
 */
public final class PartitionWatch {
  /** How often it looks whether there are more partitions. */
  static final Duration CHECK = Duration.ofSeconds(5);

  private final List<String> topics;
  private final Lookup lookup;
  private final ToLongFunction<Held> first;
  private final ToLongFunction<Held> later;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private boolean hasBegun;
  private long lookedAt;

  /** Finds the present partitions of topics. */
  @FunctionalInterface
  interface Lookup {
    /**
     * Asks for them.
     *
     * @throws KafkaException when the cluster does not answer, or lacks a topic that must be there
     */
    List<TopicPartition> of(Consumer<?, ?> consumer, List<String> topics);
  }

  /**
   * What a partition holds.
   *
   * @param begin offset of the first record
   * @param end offset after the last
   * @param partitions that its topic has
   */
  public record Held(long begin, long end, long partitions) {
    /** Where the last records begin, if each partition of the topic has its share. */
    public long last(long recordsOfTopic) {
      return Math.max(begin, end - recordsOfTopic / partitions);
    }
  }

  /**
   * Prepares; nothing is asked before the first {@link #follow}.
   *
   * @param first where the reading of a partition begins that is there at first
   * @param later where that of others begins, and of those that were recreated
   * @param patience how long brokers may take to answer
   */
  PartitionWatch(
      List<String> topics,
      Lookup lookup,
      ToLongFunction<Held> first,
      ToLongFunction<Held> later,
      Duration patience,
      LongSupplier nanoTime) {
    this.topics = List.copyOf(topics);
    this.lookup = lookup;
    this.first = first;
    this.later = later;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /**
   * A watch of topics that must all be there.
   *
   * @param begin where the reading of a partition begins
   * @param patience how long brokers may take to answer
   */
  public static PartitionWatch ofAll(
      List<String> topics, ToLongFunction<Held> begin, Duration patience) {
    return new PartitionWatch(
        topics,
        (consumer, names) ->
            Partitions.ofAll(names, topic -> consumer.partitionsFor(topic, patience)),
        begin,
        begin,
        patience,
        System::nanoTime);
  }

  /**
   * Gives a consumer the present partitions; those that were read already continue where they were.
   *
   * @throws KafkaException when the cluster does not answer, or lacks a topic that must be there
   */
  public void follow(Consumer<?, ?> consumer) {
    lookedAt = nanoTime.getAsLong();
    List<TopicPartition> partitions = lookup.of(consumer, topics);
    Set<TopicPartition> before = Set.copyOf(consumer.assignment());
    if (hasBegun && before.equals(Set.copyOf(partitions))) {
      return;
    }
    List<TopicPartition> added = partitions.stream().filter(p -> !before.contains(p)).toList();
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(added, patience);
    Map<TopicPartition, Long> ends = consumer.endOffsets(added, patience);
    Map<String, Long> perTopic =
        partitions.stream()
            .collect(Collectors.groupingBy(TopicPartition::topic, Collectors.counting()));
    consumer.assign(partitions);
    for (TopicPartition partition : added) {
      Held held =
          new Held(begins.get(partition), ends.get(partition), perTopic.get(partition.topic()));
      long at = begin(partition, held);
      positions.put(partition, at);
      consumer.seek(partition, at);
    }
    hasBegun = true;
  }

  private long begin(TopicPartition partition, Held held) {
    Long known = positions.get(partition);
    if (known == null) {
      return (hasBegun ? later : first).applyAsLong(held);
    }
    // a topic that was recreated is shorter than what was read of the old one
    return known > held.end() ? later.applyAsLong(held) : known;
  }

  /** Whether it is time to {@link #follow} again. */
  public boolean isDue() {
    return nanoTime.getAsLong() - lookedAt > CHECK.toNanos();
  }

  /**
   * Reads what has come.
   *
   * @param wait for it
   * @param each told every record; one that it throws at is read again by the next consumer
   * @return the number of records
   */
  public int poll(
      Consumer<byte[], byte[]> consumer,
      Duration wait,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(wait);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      each.accept(record);
      positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
    }
    return records.count();
  }
}
