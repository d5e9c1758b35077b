package io.dimee.topology.worker;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Why a batch is not written, or not known to be. Each kind asks for something else to be done, and
 * after all but {@link Unknown} another attempt doubles nothing.
 */
sealed interface WriteFailure extends WriteResult {
  /** What ended the attempt. */
  KafkaException cause();

  /** No further attempt can do better. */
  record Fatal(KafkaException cause) implements WriteFailure {}

  /**
   * The broker refuses an outcome for its size.
   *
   * @param source the record whose outcome it is
   */
  record TooLarge(KafkaException cause, ConsumerRecord<byte[], byte[]> source)
      implements WriteFailure {}

  /** The group has moved on, and the worker needs its next generation. */
  record Migrated(KafkaException cause) implements WriteFailure {}

  /** A topic may be missing; a client takes that for an answer that is late. */
  record TopicAbsent(KafkaException cause) implements WriteFailure {}

  /** Another attempt may do better. */
  record Retriable(KafkaException cause) implements WriteFailure {}

  /**
   * The commit was asked for, and its answer has not come: it may have been decided. Nothing else
   * may be written before the doubt is settled.
   */
  record Unknown(KafkaException cause, Doubt doubt) implements WriteFailure {}

  /** A commit of which nobody knows yet whether it was decided. */
  @FunctionalInterface
  interface Doubt {
    /**
     * Finds out, or fails to.
     *
     * @param isKept whether a partition has been the worker's all the time
     */
    WriteResult settle(Predicate<TopicPartition> isKept);
  }

  /**
   * An outcome that was not written.
   *
   * @param source the record whose outcome it is
   */
  record Refusal(ConsumerRecord<byte[], byte[]> source, Exception cause) {}

  /**
   * A failure that is certain.
   *
   * @param cause what ended the attempt
   * @param refusals outcomes that were not written, in the order in which that was known
   */
  static WriteFailure of(KafkaException cause, List<Refusal> refusals) {
    List<Throwable> causes =
        Stream.concat(Stream.of(cause, cause.getCause()), refusals.stream().map(Refusal::cause))
            .filter(e -> e != null)
            .toList();
    Optional<KafkaException> fatal =
        causes.stream().filter(WriteFailure::isFatal).map(KafkaException.class::cast).findFirst();
    if (fatal.isPresent()) {
      return new Fatal(fatal.get());
    }
    Optional<Refusal> tooLarge =
        refusals.stream()
            .filter(refusal -> refusal.cause() instanceof RecordTooLargeException)
            .findFirst();
    if (tooLarge.isPresent()) {
      return new TooLarge(cause, tooLarge.get().source());
    }
    if (has(causes, CommitFailedException.class, RebalanceInProgressException.class)) {
      return new Migrated(cause);
    }
    if (has(causes, TimeoutException.class, UnknownTopicOrPartitionException.class)) {
      return new TopicAbsent(cause);
    }
    return new Retriable(cause);
  }

  private static boolean isFatal(Throwable e) {
    return e instanceof AuthenticationException
        || e instanceof AuthorizationException
        || e instanceof UnsupportedVersionException;
  }

  private static boolean has(List<Throwable> causes, Class<?>... types) {
    return causes.stream().anyMatch(e -> Stream.of(types).anyMatch(type -> type.isInstance(e)));
  }
}
