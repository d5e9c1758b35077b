package io.dimee.topology.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits a worker's positions when nothing is left to read. Behind the last record lie the markers
 * of its transaction, and perhaps records of one that was aborted; without this the group's lag
 * would count them for ever, and whoever goes by lag would see work where none is.
 */
final class IdlePositions {
  private static final Logger LOG = LoggerFactory.getLogger(IdlePositions.class);

  private final Consumer<byte[], byte[]> consumer;
  private Map<TopicPartition, Long> committed = Map.of();

  IdlePositions(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /** Commits what has moved since the last call; only for a worker without a batch in hand. */
  void commit() {
    try {
      Map<TopicPartition, Long> positions = new HashMap<>();
      for (TopicPartition partition : consumer.assignment()) {
        positions.put(partition, consumer.position(partition, Duration.ZERO));
      }
      if (positions.equals(committed)) {
        return;
      }
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      positions.forEach(
          (partition, position) -> offsets.put(partition, new OffsetAndMetadata(position)));
      consumer.commitSync(offsets);
      committed = positions;
    } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
      // the group or the brokers are busy: another idle moment comes
      LOG.debug("positions not committed: {}", e.toString());
    }
  }
}
