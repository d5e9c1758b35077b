package io.dimee.topology.worker;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** What is known of a batch after an attempt to write it. */
sealed interface WriteResult permits WriteResult.Written, WriteFailure {
  /**
   * Outcomes and offsets are committed.
   *
   * @param partitions whose records those belong to; of no other is anything committed
   */
  record Written(Set<TopicPartition> partitions) implements WriteResult {}
}
