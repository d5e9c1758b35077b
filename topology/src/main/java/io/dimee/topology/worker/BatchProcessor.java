package io.dimee.topology.worker;

import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a tier does with a batch of records, free of any Kafka client. For one thread at a time. */
public interface BatchProcessor {
  /**
   * Processes a batch.
   *
   * @param tooLarge records whose output the broker has refused for its size; they become dead
   *     letters
   * @return one output a record, in their order
   */
  List<Output> process(
      List<ConsumerRecord<byte[], byte[]>> records, Set<ConsumerRecord<byte[], byte[]>> tooLarge);
}
