package io.dimee.client.outcomes;

import io.dimee.topology.cluster.KafkaSettings;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads what is committed in topics, to their ends when it is called; belongs to no group and
 * leaves no trace.
 */
public final class TopicSnapshot {
  private static final RangeReader.Limits LIMITS = RangeReader.Limits.ofPoll(1_000);

  private TopicSnapshot() {}

  /**
   * Reads topics from their beginnings, in the order of each partition.
   *
   * @param topics of which those that do not exist are empty
   * @throws KafkaException when the cluster does not answer
   */
  public static void read(
      KafkaSettings settings, List<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (RangeReader reader = new RangeReader(settings, LIMITS)) {
      reader.read(
          reader.held(partitions(reader, topics)),
          (records, positions) -> {
            records.forEach(each);
            return true;
          });
    }
  }

  /**
   * Reads a topic from a time on, until a record is what was looked for.
   *
   * @param since the time of the first record of each partition that is read
   * @throws KafkaException when the cluster does not answer
   */
  public static void readUntil(
      KafkaSettings settings,
      String topic,
      Instant since,
      Predicate<ConsumerRecord<byte[], byte[]>> found) {
    try (RangeReader reader = new RangeReader(settings, LIMITS)) {
      reader.read(
          reader.heldSince(reader.partitions(topic), since),
          (records, positions) -> records.stream().noneMatch(found));
    }
  }

  private static Set<TopicPartition> partitions(RangeReader reader, List<String> topics) {
    return reader.partitions().stream()
        .filter(partition -> topics.contains(partition.topic()))
        .collect(Collectors.toSet());
  }
}
