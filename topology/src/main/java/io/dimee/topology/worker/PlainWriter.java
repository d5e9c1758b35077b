package io.dimee.topology.worker;

import io.dimee.topology.lifecycle.Uninterrupted;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes outcomes first and offsets afterwards: whoever dies between the two leaves outcomes that
 * come a second time. What is written is not written again for as long as the worker lives, however
 * often the rest is tried.
 */
final class PlainWriter implements OutcomeWriter {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> consumer;

  /** Records of the batch in hand whose outcomes are there; producers' threads add to it. */
  private final Set<ConsumerRecord<byte[], byte[]>> answered = ConcurrentHashMap.newKeySet();

  /**
   * Takes a producer.
   *
   * @param consumer whose offsets are committed; its owner's to close
   */
  PlainWriter(Producer<byte[], byte[]> producer, Consumer<byte[], byte[]> consumer) {
    this.producer = producer;
    this.consumer = consumer;
  }

  @Override
  public WriteResult write(
      List<Output> outputs, Map<TopicPartition, OffsetAndMetadata> offsets, boolean oneByOne) {
    // forgets the batch before
    answered.retainAll(new HashSet<>(outputs.stream().map(Output::source).toList()));
    List<Output> left =
        outputs.stream().filter(output -> !answered.contains(output.source())).toList();
    OutcomeSend send = new OutcomeSend();
    try {
      try {
        send.send(producer, left, oneByOne, written -> answered.add(written.source()));
      } finally {
        // of what is on its way it must be known before another attempt whether it arrives
        producer.flush();
      }
      send.throwIfRefused();
      Uninterrupted.byStop(
          () -> {
            consumer.commitSync(offsets);
            return null;
          });
      return new WriteResult.Written(offsets.keySet());
    } catch (KafkaException e) {
      return send.failure(e);
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }
}
