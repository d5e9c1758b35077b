package io.dimee.deploy.pipeline;

import io.dimee.topology.cluster.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads what is committed in topics, from their beginnings to their ends when it is called; belongs
 * to no group and leaves no trace.
 */
public final class TopicSnapshot {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int RECORDS_PER_POLL = 1_000;

  /** Records that do not come for so long will not come. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private TopicSnapshot() {}

  /**
   * Reads topics, in the order of each partition.
   *
   * @param topics of which those that do not exist are empty
   * @throws KafkaException when the cluster does not answer
   */
  public static void read(
      KafkaSettings settings, List<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings)) {
      Set<String> existing = consumer.listTopics().keySet();
      List<TopicPartition> partitions =
          Partitions.of(consumer, topics.stream().filter(existing::contains).toList());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      read(
          consumer,
          record -> {
            each.accept(record);
            return false;
          });
    }
  }

  /**
   * Reads a topic from a time on, until a record is what was looked for.
   *
   * @param since the time of the first record of each partition that is read
   * @throws KafkaException when the cluster does not answer
   */
  static void readUntil(
      KafkaSettings settings,
      String topic,
      Instant since,
      Predicate<ConsumerRecord<byte[], byte[]>> found) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings)) {
      List<TopicPartition> partitions = Partitions.of(consumer, List.of(topic));
      consumer.assign(partitions);
      Map<TopicPartition, Long> times = new HashMap<>();
      partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer
          .offsetsForTimes(times)
          .forEach(
              (partition, begin) ->
                  consumer.seek(partition, begin == null ? ends.get(partition) : begin.offset()));
      read(consumer, found);
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings settings) {
    return new KafkaConsumer<>(settings.consumer(null, RECORDS_PER_POLL));
  }

  private static void read(
      KafkaConsumer<byte[], byte[]> consumer, Predicate<ConsumerRecord<byte[], byte[]>> isLast) {
    Set<TopicPartition> partitions = consumer.assignment();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long last = System.nanoTime();
    while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : polled) {
        if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()))
            && isLast.test(record)) {
          return;
        }
      }
      if (!polled.isEmpty()) {
        last = System.nanoTime();
      } else if (System.nanoTime() - last > PATIENCE.toNanos()) {
        throw new KafkaException(
            "%s cannot be read for %s"
                .formatted(
                    partitions.stream().map(TopicPartition::topic).distinct().toList(), PATIENCE));
      }
    }
  }
}
