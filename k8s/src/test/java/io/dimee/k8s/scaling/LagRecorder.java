package io.dimee.k8s.scaling;

import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes, once a second, how many records a topic has and how many of them a group has committed.
 * The recorded series of the simulation is its output.
 */
final class LagRecorder {
  private LagRecorder() {}

  /** Takes bootstrap servers, topic, group, and how many seconds to record. */
  public static void main(String[] args) throws Exception {
    System.out.println("second,end,committed");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
      Set<TopicPartition> partitions =
          admin
              .describeTopics(Set.of(args[1]))
              .allTopicNames()
              .get()
              .get(args[1])
              .partitions()
              .stream()
              .map(partition -> new TopicPartition(args[1], partition.partition()))
              .collect(Collectors.toSet());
      long begin = System.nanoTime();
      for (int second = 0; second < Integer.parseInt(args[3]); second++) {
        Thread.sleep(Math.max(0, second * 1_000L - (System.nanoTime() - begin) / 1_000_000));
        long end =
            sum(
                admin
                    .listOffsets(
                        partitions.stream()
                            .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
                    .all()
                    .get(),
                found -> found.offset());
        long committed =
            sum(
                admin.listConsumerGroupOffsets(args[2]).partitionsToOffsetAndMetadata().get(),
                OffsetAndMetadata::offset);
        System.out.printf("%d,%d,%d%n", second, end, committed);
      }
    }
  }

  private static <T> long sum(Map<TopicPartition, T> found, ToLongFunction<T> offset) {
    return found.values().stream().mapToLong(offset).sum();
  }
}
