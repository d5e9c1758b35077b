package io.dimee.topology.cluster;

import io.dimee.inference.bundle.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** How much of a topic waits for a consumer group, and for how long. Owns its client. */
public final class GroupLag implements AutoCloseable {
  /** Kafka tells which records are older than some age, not how old one is. */
  private static final List<Duration> AGES =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofHours(1),
          Duration.ofHours(3),
          Duration.ofHours(6),
          Duration.ofHours(12),
          Duration.ofDays(1),
          Duration.ofDays(2),
          Duration.ofDays(3),
          Duration.ofDays(4),
          Duration.ofDays(5),
          Duration.ofDays(6),
          Duration.ofDays(7),
          Duration.ofDays(14),
          Duration.ofDays(30));

  private final TopicOffsets offsets;
  private final String topic;
  private final String group;

  /** Connects; nothing is read yet. */
  public GroupLag(KafkaSettings settings, String topic, String group) {
    this.offsets = new TopicOffsets(settings);
    this.topic = topic;
    this.group = group;
  }

  /** Of a tier's tasks. */
  public static GroupLag of(KafkaSettings settings, Topics topics, Tier tier) {
    return new GroupLag(settings, topics.tasks(tier), topics.group(tier));
  }

  /**
   * Committed records of the topic that the group has not committed, over all partitions. Kafka's
   * offsets count the markers of transactions too.
   *
   * @throws KafkaException when the cluster does not say
   */
  public long read() throws InterruptedException {
    Set<TopicPartition> partitions = partitions();
    return behind(positions(partitions), offsets.ends(partitions));
  }

  /**
   * How long the oldest record that waits has waited, by the records' times: at least so long, in
   * steps; zero when none has waited for a minute.
   *
   * @throws KafkaException when the cluster does not say
   */
  public Duration age(Instant now) throws InterruptedException {
    Set<TopicPartition> partitions = partitions();
    Map<TopicPartition, Long> positions = positions(partitions);
    Duration age = Duration.ZERO;
    for (Duration step : AGES) {
      if (behind(positions, offsets.since(partitions, now.minus(step))) == 0) {
        break;
      }
      age = step;
    }
    return age;
  }

  private Set<TopicPartition> partitions() throws InterruptedException {
    Set<TopicPartition> partitions = offsets.partitions(topic);
    if (partitions.isEmpty()) {
      throw new UnknownTopicOrPartitionException("there is no topic " + topic);
    }
    return partitions;
  }

  private Map<TopicPartition, Long> positions(Set<TopicPartition> partitions)
      throws InterruptedException {
    Map<TopicPartition, Long> positions = new HashMap<>(offsets.begins(partitions));
    offsets
        .committed(group, partitions)
        .forEach((partition, offset) -> positions.merge(partition, offset, Math::max));
    return positions;
  }

  private static long behind(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .mapToLong(end -> Math.max(0, end.getValue() - positions.get(end.getKey())))
        .sum();
  }

  @Override
  public void close() {
    offsets.close();
  }
}
