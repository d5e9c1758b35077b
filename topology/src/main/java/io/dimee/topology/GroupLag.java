package io.dimee.topology;

import io.dimee.inference.Tier;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** How much of a topic waits for a consumer group. Owns its client. */
public final class GroupLag implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Admin admin;
  private final String topic;
  private final String group;

  /** Connects; nothing is read yet. */
  public GroupLag(KafkaSettings settings, String topic, String group) {
    this.admin = Admin.create(settings.admin());
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
    try {
      Set<TopicPartition> partitions =
          admin.describeTopics(Set.of(topic)).allTopicNames().get().get(topic).partitions().stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .collect(Collectors.toSet());
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
      Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
      long lag = 0;
      for (TopicPartition partition : partitions) {
        OffsetAndMetadata position = committed.get(partition);
        long begin = begins.get(partition);
        long at = position == null ? begin : Math.max(begin, position.offset());
        lag += Math.max(0, ends.get(partition) - at);
      }
      return lag;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause
          ? cause
          : new KafkaException("cannot read the lag of " + group, e.getCause());
    }
  }

  private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec spec)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
    partitions.forEach(partition -> specs.put(partition, spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> found :
        admin
            .listOffsets(specs, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .all()
            .get()
            .entrySet()) {
      offsets.put(found.getKey(), found.getValue().offset());
    }
    return offsets;
  }

  @Override
  public void close() {
    // a cluster that is gone has calls in flight
    admin.close(CLOSE_TIMEOUT);
  }
}
