package io.dimee.deploy.pipeline;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Present partitions of topics, for consumers that assign themselves. */
public final class Partitions {
  private Partitions() {}

  /**
   * All partitions of topics that exist.
   *
   * @throws org.apache.kafka.common.KafkaException when the cluster does not answer in the time
   *     that the consumer is set to
   */
  static List<TopicPartition> of(Consumer<?, ?> consumer, Collection<String> topics) {
    return of(topics, consumer::partitionsFor);
  }

  /**
   * All partitions of topics that exist.
   *
   * @param patience for the cluster's answer about each
   * @throws org.apache.kafka.common.KafkaException when the cluster does not answer
   */
  public static List<TopicPartition> of(
      Consumer<?, ?> consumer, Collection<String> topics, Duration patience) {
    return of(topics, topic -> consumer.partitionsFor(topic, patience));
  }

  private static List<TopicPartition> of(
      Collection<String> topics, Function<String, List<PartitionInfo>> ask) {
    return topics.stream()
        .flatMap(topic -> ask.apply(topic).stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }
}
