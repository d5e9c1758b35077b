package io.dimee.topology;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Why a batch was not written.
 *
 * @param cause what ended the attempt
 * @param refusals outcomes that were not written, in the order in which that was known
 */
record WriteFailure(KafkaException cause, List<Refusal> refusals) {
  /**
   * An outcome that was not written.
   *
   * @param source the record whose outcome it is
   */
  record Refusal(ConsumerRecord<byte[], byte[]> source, Exception cause) {}

  private Stream<Throwable> causes() {
    return Stream.concat(Stream.of(cause, cause.getCause()), refusals.stream().map(Refusal::cause))
        .filter(e -> e != null);
  }

  private boolean has(Class<?>... types) {
    return causes().anyMatch(e -> Stream.of(types).anyMatch(type -> type.isInstance(e)));
  }

  /** Record whose outcome the broker refuses for its size. */
  Optional<ConsumerRecord<byte[], byte[]>> tooLarge() {
    return refusals.stream()
        .filter(refusal -> refusal.cause() instanceof RecordTooLargeException)
        .map(Refusal::source)
        .findFirst();
  }

  /** Whether the group has moved on, and the worker needs its next generation. */
  boolean isOutOfDate() {
    return has(CommitFailedException.class);
  }

  /** Whether no further attempt can do better. */
  boolean isFinal() {
    return has(
        AuthenticationException.class,
        AuthorizationException.class,
        UnsupportedVersionException.class);
  }

  /** Whether a topic may be missing; a client takes that for an answer that is late. */
  boolean isOfAbsence() {
    return has(TimeoutException.class, UnknownTopicOrPartitionException.class);
  }
}
