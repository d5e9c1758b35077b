package io.dimee.topology.worker;

import io.dimee.topology.cluster.Delivery;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/** Writes a batch's outcomes and its offsets. Owns the producer; for one thread. */
interface OutcomeWriter extends AutoCloseable {
  /**
   * Opens a producer.
   *
   * @param consumer whose offsets are committed; its owner's to close
   */
  static OutcomeWriter open(
      Delivery delivery,
      Supplier<Producer<byte[], byte[]>> producers,
      Consumer<byte[], byte[]> consumer) {
    return switch (delivery) {
      case EXACTLY_ONCE -> new TransactionalWriter(producers, consumer);
      case AT_LEAST_ONCE -> new PlainWriter(producers.get(), consumer);
    };
  }

  /**
   * Writes a batch, or what is left of one.
   *
   * @param offsets where the batch ends, in each partition that the outcomes' sources are of
   * @param oneByOne whether each outcome waits until the one before is written, so that one which
   *     is refused is known from those that the client still held
   */
  WriteResult write(
      List<Output> outputs, Map<TopicPartition, OffsetAndMetadata> offsets, boolean oneByOne);

  @Override
  void close();
}
