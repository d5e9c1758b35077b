package io.dimee.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.deploy.guarantee.Observed;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.file.PathUtils;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long the partitions of a worker that is killed go without answers. One kill by default;
 * system property {@code dimee.recovery.kills} makes it more.
 */
@Tag("nightly")
class RecoveryIT {
  private static final int KILLS = Integer.getInteger("dimee.recovery.kills", 1);
  private static final int RATE = 40;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PROMISE = Cluster.SESSION_TIMEOUT.plusSeconds(5);
  private static final double NANOS_PER_SECOND = 1e9;

  private final Path directory = Path.of("target", "faults", "recovery").toAbsolutePath();
  private final Topics topics = new Topics(Topics.DEFAULT_PREFIX);
  private final RecordFormats formats = new SingleObjectFormats();
  private final Map<Integer, Long> lastSeen = new HashMap<>();

  @Test
  void shouldAnswerAKilledWorkersPartitionsSoon() throws Exception {
    // Given two edges, through which every event goes
    if (Files.exists(directory)) {
      PathUtils.deleteDirectory(directory);
    }
    Files.createDirectories(directory);
    try (Cluster cluster = new Cluster(directory, "edge-only", 0)) {
      cluster.startAll();
      KafkaSettings settings = new KafkaSettings(cluster.bootstrapServers(), Map.of());
      SteadyLoad load =
          new SteadyLoad(
              settings, topics, formats, List.of("a fine film"), Integer.MAX_VALUE, RATE);
      try (load;
          KafkaConsumer<byte[], byte[]> consumer =
              new KafkaConsumer<>(settings.consumer(null, 1_000))) {
        List<TopicPartition> partitions =
            consumer.partitionsFor(topics.predictions()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        awaitAll(consumer, partitions.size(), System.nanoTime());
        for (int i = 0; i < KILLS; i++) {
          Cluster.Part victim = i % 2 == 0 ? Cluster.Part.EDGE : Cluster.Part.OTHER_EDGE;

          // When
          long begin = System.nanoTime();
          cluster.kill(victim);
          double seconds = longestSilence(consumer, partitions.size(), begin);

          // Then
          System.out.printf("recovery: %s killed, longest silence %.1f s%n", victim, seconds);
          assertThat(seconds).isLessThan(PROMISE.toMillis() / 1_000.0);
          cluster.start(victim);
          cluster.awaitReady(victim);
          awaitAll(consumer, partitions.size(), System.nanoTime());
        }
        load.stop();
        load.written().join();
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          Guarantee.allViolations(
                              Observed.read(cluster.bootstrapServers(), topics, formats)))
                      .isEmpty());
    }
  }

  private void poll(KafkaConsumer<byte[], byte[]> consumer) {
    consumer
        .poll(POLL)
        .partitions()
        .forEach(partition -> lastSeen.put(partition.partition(), System.nanoTime()));
  }

  /** Waits until every partition has answered after a moment. */
  private void awaitAll(KafkaConsumer<byte[], byte[]> consumer, int partitions, long moment) {
    lastSeen.clear();
    await()
        .atMost(PATIENCE)
        .pollInSameThread()
        .until(
            () -> {
              poll(consumer);
              return lastSeen.values().stream().filter(seen -> seen > moment).count() == partitions;
            });
  }

  /**
   * The longest that a reader of committed predictions waited for a partition, from a moment until
   * a while after the promise; seconds.
   */
  private double longestSilence(
      KafkaConsumer<byte[], byte[]> consumer, int partitions, long begin) {
    long end = begin + PROMISE.plusSeconds(2).toNanos();
    long longest = 0;
    while (System.nanoTime() < end) {
      poll(consumer);
      for (int partition = 0; partition < partitions; partition++) {
        longest = Math.max(longest, System.nanoTime() - Math.max(begin, lastSeen.get(partition)));
      }
    }
    return longest / NANOS_PER_SECOND;
  }
}
