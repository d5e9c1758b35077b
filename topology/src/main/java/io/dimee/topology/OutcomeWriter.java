package io.dimee.topology;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a batch's outcomes and its offsets, together or not at all. Owns the producer, and makes a
 * new one when it was fenced.
 */
final class OutcomeWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Delivery delivery;
  private final Supplier<Producer<byte[], byte[]>> producers;
  private final Consumer<byte[], byte[]> consumer;
  private Producer<byte[], byte[]> producer;

  /**
   * Opens a producer.
   *
   * @param consumer whose offsets are committed; its owner's to close
   */
  OutcomeWriter(
      Delivery delivery,
      Supplier<Producer<byte[], byte[]>> producers,
      Consumer<byte[], byte[]> consumer) {
    this.delivery = delivery;
    this.producers = producers;
    this.consumer = consumer;
    open();
  }

  private void open() {
    producer = producers.get();
    if (delivery == Delivery.EXACTLY_ONCE) {
      producer.initTransactions();
    }
  }

  /**
   * Writes a batch.
   *
   * @param oneByOne whether each outcome waits until the one before is written, so that one which
   *     is refused is known from those that the client still held
   * @return why it is not written; nothing of it is, unless delivery is at least once
   */
  Optional<WriteFailure> write(
      List<Output> outputs, Map<TopicPartition, OffsetAndMetadata> offsets, boolean oneByOne) {
    Queue<WriteFailure.Refusal> refused = new ConcurrentLinkedQueue<>();
    try {
      if (delivery == Delivery.EXACTLY_ONCE) {
        producer.beginTransaction();
        // no flush: the outcomes travel while the offsets do, and the commit waits for both
        send(outputs, oneByOne, refused);
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
      } else {
        send(outputs, oneByOne, refused);
        producer.flush();
        throwFirst(refused);
        consumer.commitSync(offsets);
      }
      return Optional.empty();
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      abandon();
      // after the abort, which waits until every record has been written or refused
      return Optional.of(new WriteFailure(e, List.copyOf(refused)));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback sees every failure
  private void send(List<Output> outputs, boolean oneByOne, Queue<WriteFailure.Refusal> refused) {
    for (Output output : outputs) {
      producer.send(
          output.record(),
          (metadata, e) -> {
            if (e != null) {
              refused.add(new WriteFailure.Refusal(output.source(), e));
            }
          });
      if (oneByOne) {
        producer.flush();
        throwFirst(refused);
      }
    }
  }

  private static void throwFirst(Queue<WriteFailure.Refusal> refused) {
    if (!refused.isEmpty()) {
      Exception cause = refused.peek().cause();
      throw new KafkaException("an outcome was not written: " + cause.getMessage(), cause);
    }
  }

  /** Leaves the failed transaction behind; a producer that is fenced or broken is replaced. */
  private void abandon() {
    if (delivery == Delivery.AT_LEAST_ONCE) {
      return;
    }
    try {
      producer.abortTransaction();
    } catch (KafkaException | IllegalStateException e) {
      LOG.info("producer replaced: {}", e.toString());
      producer.close(Duration.ZERO);
      open();
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }
}
