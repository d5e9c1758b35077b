package io.dimee.analytics;

import io.dimee.topology.cluster.KafkaSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads what is committed in ranges of a topic; belongs to no group and leaves no trace. */
final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int RECORDS_PER_POLL = 4_000;

  /** Records that do not come for so long will not come. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final KafkaConsumer<byte[], byte[]> consumer;

  /** Connects when it reads first. */
  TopicReader(KafkaSettings settings) {
    this.consumer = new KafkaConsumer<>(settings.consumer(null, RECORDS_PER_POLL));
  }

  /** Takes what was read. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes some records.
     *
     * @param records in the order of each partition
     * @param positions by partition, up to where all has now been handed over, exclusive
     */
    void accept(List<ConsumerRecord<byte[], byte[]>> records, Map<Integer, Long> positions)
        throws SQLException;
  }

  /**
   * Reads ranges, of which those that the topic has lost by retention are skipped.
   *
   * @param ranges by partition
   * @throws KafkaException when the cluster does not answer
   */
  void read(String topic, Map<Integer, ReadRange> ranges, Sink sink) throws SQLException {
    List<TopicPartition> partitions =
        ranges.keySet().stream().map(partition -> new TopicPartition(topic, partition)).toList();
    consumer.assign(partitions);
    consumer
        .beginningOffsets(partitions)
        .forEach(
            (partition, begin) ->
                consumer.seek(
                    partition, Math.max(begin, ranges.get(partition.partition()).first())));
    long last = System.nanoTime();
    while (true) {
      Map<Integer, Long> positions = positions(partitions, ranges);
      boolean isAtEnd =
          positions.entrySet().stream()
              .allMatch(at -> at.getValue() >= ranges.get(at.getKey()).next());
      if (isAtEnd) {
        return;
      }
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      List<ConsumerRecord<byte[], byte[]>> records =
          partitions.stream()
              .flatMap(partition -> polled.records(partition).stream())
              .filter(record -> record.offset() < ranges.get(record.partition()).next())
              .toList();
      sink.accept(records, positions(partitions, ranges));
      if (!polled.isEmpty()) {
        last = System.nanoTime();
      } else if (System.nanoTime() - last > PATIENCE.toNanos()) {
        throw new KafkaException(
            "no records of %s could be read for %s".formatted(topic, PATIENCE));
      }
    }
  }

  private Map<Integer, Long> positions(
      List<TopicPartition> partitions, Map<Integer, ReadRange> ranges) {
    Map<Integer, Long> positions = new HashMap<>();
    for (TopicPartition partition : partitions) {
      long end = ranges.get(partition.partition()).next();
      positions.put(partition.partition(), Math.min(end, consumer.position(partition)));
    }
    return positions;
  }

  @Override
  public void close() {
    // Kafka does not close what an interrupted thread closes, and complains
    boolean isInterrupted = Thread.interrupted();
    consumer.close(CloseOptions.timeout(Duration.ZERO));
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
