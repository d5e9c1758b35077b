package io.dimee.topology.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Where topics begin and end, and how far groups are in them. Reads no record, so that the right to
 * describe is enough. Owns its client. All methods throw {@link KafkaException} when the cluster
 * does not say.
 */
public final class TopicOffsets implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final ListOffsetsOptions COMMITTED =
      new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);

  private final Admin admin;

  /** Connects when it is asked first. */
  public TopicOffsets(KafkaSettings settings) {
    this.admin = Admin.create(settings.admin());
  }

  /** A topic's partitions; none when there is no such topic. */
  public Set<TopicPartition> partitions(String topic) throws InterruptedException {
    return unless(
            UnknownTopicOrPartitionException.class,
            admin.describeTopics(Set.of(topic)).topicNameValues().get(topic))
        .map(
            description ->
                description.partitions().stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .collect(Collectors.toUnmodifiableSet()))
        .orElse(Set.of());
  }

  /** What a group has committed; partitions in which it has not are absent. */
  public Map<TopicPartition, Long> committed(String group, Set<TopicPartition> partitions)
      throws InterruptedException {
    return committed(group, partitions, false);
  }

  /**
   * The same, but waits for transactions that are about to end: whoever has seen their outcomes
   * sees their offsets too.
   */
  public Map<TopicPartition, Long> settled(String group, Set<TopicPartition> partitions)
      throws InterruptedException {
    return committed(group, partitions, true);
  }

  private Map<TopicPartition, Long> committed(
      String group, Set<TopicPartition> partitions, boolean isStable) throws InterruptedException {
    Map<TopicPartition, Long> committed = new HashMap<>();
    get(admin
            .listConsumerGroupOffsets(
                group, new ListConsumerGroupOffsetsOptions().requireStable(isStable))
            .partitionsToOffsetAndMetadata())
        .forEach(
            (partition, offset) -> {
              if (offset != null && partitions.contains(partition)) {
                committed.put(partition, offset.offset());
              }
            });
    return committed;
  }

  /** Whether a group has a member now. */
  public boolean hasMembers(String group) throws InterruptedException {
    return unless(
            GroupIdNotFoundException.class,
            admin.describeConsumerGroups(Set.of(group)).describedGroups().get(group))
        .map(ConsumerGroupDescription::members)
        .filter(members -> !members.isEmpty())
        .isPresent();
  }

  /** Commits for a group, which must have no members. */
  public void commit(String group, Map<TopicPartition, Long> offsets) throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
    offsets.forEach((partition, offset) -> all.put(partition, new OffsetAndMetadata(offset)));
    get(admin.alterConsumerGroupOffsets(group, all).all());
  }

  /** The first offset of each partition that is still there. */
  public Map<TopicPartition, Long> begins(Set<TopicPartition> partitions)
      throws InterruptedException {
    return offsets(partitions, OffsetSpec.earliest());
  }

  /** The end of what is committed in each partition, exclusive. */
  public Map<TopicPartition, Long> ends(Set<TopicPartition> partitions)
      throws InterruptedException {
    return offsets(partitions, OffsetSpec.latest());
  }

  /** The first record of each partition that is not older; its end when all are. */
  public Map<TopicPartition, Long> since(Set<TopicPartition> partitions, Instant time)
      throws InterruptedException {
    Map<TopicPartition, Long> since =
        offsets(partitions, OffsetSpec.forTimestamp(time.toEpochMilli()));
    // Kafka says -1 where no record is so new
    since.values().removeIf(offset -> offset < 0);
    Map<TopicPartition, Long> offsets = ends(partitions);
    offsets.putAll(since);
    return offsets;
  }

  /** The time of the first record that has one; empty when no record has. */
  public Optional<Instant> oldest(Set<TopicPartition> partitions) throws InterruptedException {
    return times(partitions, OffsetSpec.forTimestamp(0)).values().stream()
        .min(Comparator.naturalOrder());
  }

  /** The time of the newest record; empty when there is none. */
  public Optional<Instant> newest(Set<TopicPartition> partitions) throws InterruptedException {
    return times(partitions, OffsetSpec.maxTimestamp()).values().stream()
        .max(Comparator.naturalOrder());
  }

  private Map<TopicPartition, Instant> times(Set<TopicPartition> partitions, OffsetSpec spec)
      throws InterruptedException {
    Map<TopicPartition, Instant> times = new HashMap<>();
    list(partitions, spec)
        .forEach(
            (partition, found) -> {
              if (found.timestamp() >= 0) {
                times.put(partition, Instant.ofEpochMilli(found.timestamp()));
              }
            });
    return times;
  }

  private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec spec)
      throws InterruptedException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    list(partitions, spec).forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  private Map<TopicPartition, ListOffsetsResultInfo> list(
      Set<TopicPartition> partitions, OffsetSpec spec) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
    partitions.forEach(partition -> specs.put(partition, spec));
    return get(admin.listOffsets(specs, COMMITTED).all());
  }

  private static <T> Optional<T> unless(Class<? extends Exception> absent, KafkaFuture<T> future)
      throws InterruptedException {
    try {
      return Optional.of(get(future));
    } catch (KafkaException e) {
      if (absent.isInstance(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause
          ? cause
          : new KafkaException("the cluster does not say where topics end", e.getCause());
    }
  }

  @Override
  public void close() {
    // a cluster that is gone has calls in flight
    admin.close(CLOSE_TIMEOUT);
  }
}
