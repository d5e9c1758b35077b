package io.dimee.analytics;

import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Where topics begin and end, asked with as few questions as there can be: a repeated query does
 * nothing else with the cluster.
 */
final class ClusterView implements AutoCloseable {
  private static final ListOffsetsOptions COMMITTED =
      new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);

  private final KafkaSettings settings;
  private final Admin admin;

  /** Connects when it is asked first. */
  ClusterView(KafkaSettings settings) {
    this.settings = settings;
    this.admin = Admin.create(settings.admin());
  }

  /**
   * What was found.
   *
   * @param clusterId Kafka's
   * @param topics by the tables that they are; those that do not exist are absent
   */
  record Found(String clusterId, Map<TopicTable<?>, TopicState> topics) {}

  /**
   * Looks at the tables' topics.
   *
   * @param since where reading begins, null for the beginnings
   * @throws ConfigurationException when a topic is missing that must be there
   * @throws KafkaException when the cluster does not answer
   */
  Found look(List<TopicTable<?>> tables, Topics names, Instant since) throws InterruptedException {
    KafkaFuture<String> clusterId = admin.describeCluster().clusterId();
    DescribeTopicsResult asked =
        admin.describeTopics(tables.stream().map(table -> table.topic(names)).toList());
    Map<TopicTable<?>, TopicDescription> described = new LinkedHashMap<>();
    for (TopicTable<?> table : tables) {
      TopicDescription description = describe(table, names, asked);
      if (description != null) {
        described.put(table, description);
      }
    }
    ListOffsetsResult ends = offsets(described, OffsetSpec.latest());
    ListOffsetsResult begins =
        since == null ? null : offsets(described, OffsetSpec.forTimestamp(since.toEpochMilli()));
    Map<TopicTable<?>, TopicState> topics = new LinkedHashMap<>();
    for (Map.Entry<TopicTable<?>, TopicDescription> entry : described.entrySet()) {
      topics.put(entry.getKey(), state(entry.getValue(), begins, ends));
    }
    return new Found(get(clusterId), topics);
  }

  private TopicDescription describe(TopicTable<?> table, Topics names, DescribeTopicsResult asked)
      throws InterruptedException {
    String topic = table.topic(names);
    try {
      return asked.topicNameValues().get(topic).get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw failure(e);
      }
      if (table.isOptional()) {
        return null;
      }
      throw new ConfigurationException(
          "topic-prefix=%s: %s has no topic %s for the table %s; valid: the prefix of a pipeline in that cluster"
              .formatted(names.prefix(), settings.bootstrapServers(), topic, table.name()),
          e);
    }
  }

  private ListOffsetsResult offsets(
      Map<TopicTable<?>, TopicDescription> described, OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    described
        .values()
        .forEach(
            topic ->
                topic.partitions().forEach(p -> asked.put(partition(topic, p.partition()), spec)));
    return admin.listOffsets(asked, COMMITTED);
  }

  private static TopicPartition partition(TopicDescription topic, int partition) {
    return new TopicPartition(topic.name(), partition);
  }

  private static TopicState state(
      TopicDescription topic, ListOffsetsResult begins, ListOffsetsResult ends)
      throws InterruptedException {
    Map<Integer, Long> starts = new HashMap<>();
    Map<Integer, Long> nexts = new HashMap<>();
    for (var info : topic.partitions()) {
      TopicPartition partition = partition(topic, info.partition());
      long end = get(ends.partitionResult(partition)).offset();
      long start = begins == null ? 0 : get(begins.partitionResult(partition)).offset();
      // Kafka says -1 where no record is so new
      starts.put(info.partition(), start < 0 ? end : start);
      nexts.put(info.partition(), end);
    }
    return new TopicState(topic.name(), topic.topicId().toString(), starts, nexts);
  }

  private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static KafkaException failure(ExecutionException e) {
    return e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
  }

  @Override
  public void close() {
    // what is still asked need not be waited for
    admin.close(Duration.ZERO);
  }
}
