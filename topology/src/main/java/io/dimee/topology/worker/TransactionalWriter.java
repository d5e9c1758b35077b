package io.dimee.topology.worker;

import io.dimee.topology.lifecycle.Uninterrupted;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes and offsets in one transaction, together or not at all.
 *
 * <p>A commit whose answer does not come is neither. The producer that asked for it may ask again,
 * and is told what was decided. When that producer cannot be used any more, the group's offsets
 * tell: a broker answers for them only when no transaction that has some is open. Whoever wrote the
 * batch again without knowing would double it, since its generation is still the group's.
 */
final class TransactionalWriter implements OutcomeWriter {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionalWriter.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** A transaction that nobody ends is aborted by the brokers within that. */
  private static final Duration OFFSETS_TIMEOUT = Duration.ofSeconds(30);

  private final Supplier<Producer<byte[], byte[]>> producers;
  private final Consumer<byte[], byte[]> consumer;

  /** Null after one that could not be used any more. */
  private Producer<byte[], byte[]> producer;

  /**
   * Opens a producer.
   *
   * @param producers makes one, with a transactional id of its own
   * @param consumer whose offsets are committed; its owner's to close
   */
  TransactionalWriter(
      Supplier<Producer<byte[], byte[]>> producers, Consumer<byte[], byte[]> consumer) {
    this.producers = producers;
    this.consumer = consumer;
    open();
  }

  private void open() {
    producer = producers.get();
    try {
      producer.initTransactions();
    } catch (KafkaException e) {
      discard();
      throw e;
    }
  }

  @Override
  public WriteResult write(
      List<Output> outputs, Map<TopicPartition, OffsetAndMetadata> offsets, boolean oneByOne) {
    OutcomeSend send = new OutcomeSend();
    try {
      if (producer == null) {
        open();
      }
      producer.beginTransaction();
      // no flush: the outcomes travel while the offsets do, and the commit waits for both
      send.send(producer, outputs, oneByOne, written -> {});
      producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
    } catch (KafkaException e) {
      abandon();
      // after the abort, which waits until every record has been written or refused
      return send.failure(e);
    }
    return commit(send, offsets, partition -> true);
  }

  private WriteResult commit(
      OutcomeSend send,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      Predicate<TopicPartition> isKept) {
    try {
      producer.commitTransaction();
      return new WriteResult.Written(offsets.keySet());
    } catch (TimeoutException | InterruptException e) {
      return new WriteFailure.Unknown(e, kept -> commit(send, offsets, kept));
    } catch (KafkaException e) {
      abandon();
      return look(send.failure(e), offsets, isKept);
    } catch (IllegalStateException e) {
      abandon();
      return look(send.failure(new KafkaException(e.getMessage(), e)), offsets, isKept);
    }
  }

  /**
   * Asks the group's coordinator which offsets are committed.
   *
   * @param failure what it is if none of the batch's are
   */
  private WriteResult look(
      WriteFailure failure,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      Predicate<TopicPartition> isKept) {
    if (failure instanceof WriteFailure.Fatal) {
      return failure;
    }
    Set<TopicPartition> asked = new HashSet<>(offsets.keySet());
    asked.removeIf(isKept.negate());
    if (asked.isEmpty()) {
      // the others are answered by whoever has them now
      return new WriteResult.Written(asked);
    }
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          Uninterrupted.byStop(() -> consumer.committed(asked, OFFSETS_TIMEOUT));
      asked.removeIf(
          partition -> {
            OffsetAndMetadata at = committed.get(partition);
            return at == null || at.offset() < offsets.get(partition).offset();
          });
      return asked.isEmpty() ? failure : new WriteResult.Written(asked);
    } catch (KafkaException e) {
      return WriteFailure.of(e, List.of()) instanceof WriteFailure.Fatal fatal
          ? fatal
          : new WriteFailure.Unknown(e, kept -> look(failure, offsets, kept));
    }
  }

  /** Leaves the failed transaction behind; a producer that is fenced or broken is replaced. */
  private void abandon() {
    if (producer == null) {
      return;
    }
    try {
      producer.abortTransaction();
    } catch (KafkaException | IllegalStateException e) {
      LOG.info("producer replaced: {}", e.toString());
      discard();
    }
  }

  private void discard() {
    Producer<byte[], byte[]> old = producer;
    producer = null;
    try {
      old.close(Duration.ZERO);
    } catch (KafkaException e) {
      LOG.info("an abandoned producer did not close: {}", e.toString());
    }
  }

  /** A commit that is under way has the time of the close to end. */
  @Override
  public void close() {
    if (producer != null) {
      producer.close(CLOSE_TIMEOUT);
    }
  }
}
