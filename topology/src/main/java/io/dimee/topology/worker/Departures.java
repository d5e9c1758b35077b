package io.dimee.topology.worker;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * Partitions that have left a worker since its batch began, be it for a moment. Whoever had one
 * meanwhile may have answered its records, so this worker must not, also when the partition is
 * back: the group's generation fences offsets of a worker that is out, not of one that is in again.
 */
final class Departures implements ConsumerRebalanceListener {
  private final Set<TopicPartition> left = new HashSet<>();
  private volatile boolean joined;

  /** Whether an assignment has come; to be asked by any thread. */
  boolean hasJoined() {
    return joined;
  }

  /** Begins a batch. */
  void begin() {
    left.clear();
  }

  /** Whether a partition has been this worker's all the time. */
  boolean isKept(TopicPartition partition) {
    return !left.contains(partition);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    left.addAll(partitions);
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    // a new partition's records come with later batches
    joined = true;
  }
}
