package io.dimee.client.outcomes;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Present partitions of topics, for consumers that assign themselves. */
final class Partitions {
  private Partitions() {}

  /**
   * All partitions of topics that exist.
   *
   * @throws KafkaException when the cluster does not answer in the time that the consumer is set to
   */
  static List<TopicPartition> of(Consumer<?, ?> consumer, Collection<String> topics) {
    return of(topics, consumer::partitionsFor);
  }

  /**
   * All partitions of topics, none of which may be missing.
   *
   * @param ask for a topic's partitions
   * @throws KafkaException when the cluster does not answer, or has not all of them
   */
  static List<TopicPartition> ofAll(
      Collection<String> topics, Function<String, List<PartitionInfo>> ask) {
    return of(
        topics,
        topic -> {
          List<PartitionInfo> partitions = ask.apply(topic);
          if (partitions.isEmpty()) {
            throw new KafkaException("there is no topic %s yet".formatted(topic));
          }
          return partitions;
        });
  }

  private static List<TopicPartition> of(
      Collection<String> topics, Function<String, List<PartitionInfo>> ask) {
    return topics.stream()
        .flatMap(topic -> ask.apply(topic).stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }
}
