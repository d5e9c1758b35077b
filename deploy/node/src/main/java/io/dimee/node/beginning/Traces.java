package io.dimee.node.beginning;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.client.outcomes.OutcomeDecoder;
import io.dimee.client.outcomes.TopicSnapshot;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicOffsets;
import io.dimee.topology.cluster.Topics;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** Looks for what a part has written: whether its group has read does not show without offsets. */
final class Traces {
  private final KafkaSettings settings;
  private final Topics topics;
  private final OutcomeDecoder decoder;
  private final TopicOffsets offsets;

  /**
   * Creates the search.
   *
   * @param offsets the caller's to close
   */
  Traces(Connection connection, TopicOffsets offsets) {
    this.settings = connection.settings();
    this.topics = connection.topics();
    this.decoder = new OutcomeDecoder(connection.wire());
    this.offsets = offsets;
  }

  /**
   * A topic with something that the part has written since then; outcomes are read until one is
   * found, all of them when none is.
   *
   * @throws org.apache.kafka.common.errors.TopicAuthorizationException when outcomes may not be
   *     read
   */
  Optional<String> since(Part part, Instant time) throws InterruptedException {
    for (String topic : part.written()) {
      if (isNewer(topic, time)) {
        return Optional.of(topic);
      }
    }
    if (part.tier().isPresent()) {
      io.dimee.avro.Tier tier = part.tier().get();
      if (isAny(topics.predictions(), time, prediction -> isOf(tier, prediction), none -> false)) {
        return Optional.of(topics.predictions());
      }
    }
    if (part.stage().isPresent()) {
      io.dimee.avro.Stage stage = part.stage().get();
      if (isAny(topics.deadLetters(), time, none -> false, letter -> letter.getStage() == stage)) {
        return Optional.of(topics.deadLetters());
      }
    }
    return Optional.empty();
  }

  private boolean isNewer(String topic, Instant time) throws InterruptedException {
    return offsets
        .newest(offsets.partitions(topic))
        .filter(newest -> !newest.isBefore(time))
        .isPresent();
  }

  private static boolean isOf(io.dimee.avro.Tier tier, Prediction prediction) {
    return prediction.getTier() == tier
        || prediction.getHops().stream().anyMatch(hop -> hop.getTier() == tier);
  }

  private boolean isAny(
      String topic,
      Instant time,
      Predicate<Prediction> isPrediction,
      Predicate<DeadLetter> isDeadLetter)
      throws InterruptedException {
    if (!isNewer(topic, time)) {
      return false;
    }
    AtomicBoolean found = new AtomicBoolean();
    TopicSnapshot.readUntil(
        settings,
        topic,
        time,
        record -> {
          decoder.decode(
              record,
              prediction -> found.compareAndSet(false, isPrediction.test(prediction)),
              letter -> found.compareAndSet(false, isDeadLetter.test(letter)));
          return found.get();
        });
    return found.get();
  }
}
