package io.dimee.topology.ledger;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.avro.Stage;
import io.dimee.avro.TextEvent;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.UnreadableRecordException;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.deadletters.DeadLetters;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an event's id of an event (true) or of an outcome (false). Ids are cut as dead letters cut
 * them. An event that has no id has that of its record's key, as its dead letter will.
 */
final class MarkProcessor extends ContextualProcessor<byte[], byte[], String, Boolean> {
  private static final Logger LOG = LoggerFactory.getLogger(MarkProcessor.class);

  private final Topics topics;
  private final RecordFormat<TextEvent> events;
  private final RecordFormat<Prediction> predictions;
  private final RecordFormat<DeadLetter> deadLetters;

  MarkProcessor(Wire wire) {
    this.topics = wire.topics();
    this.events = wire.formats().of(TextEvent.class);
    this.predictions = wire.formats().of(Prediction.class);
    this.deadLetters = wire.formats().of(DeadLetter.class);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context().recordMetadata().orElseThrow();
    boolean isEvent = at.topic().equals(topics.events());
    Optional<String> id =
        isEvent
            ? event(at, record)
            : at.topic().equals(topics.predictions())
                ? prediction(at, record)
                : deadLetter(at, record);
    id.map(DeadLetters::head)
        .ifPresent(
            each ->
                context()
                    .forward(new Record<>(each, isEvent, record.timestamp(), new RecordHeaders())));
  }

  private Optional<String> event(RecordMetadata at, Record<byte[], byte[]> record) {
    return decode(events, at, record)
        .map(TextEvent::getId)
        .filter(id -> !id.isBlank())
        .or(() -> Optional.ofNullable(DeadLetters.text(DeadLetters.bounded(record.key()))));
  }

  private Optional<String> prediction(RecordMetadata at, Record<byte[], byte[]> record) {
    return decode(predictions, at, record).map(Prediction::getId);
  }

  /** The dead letter of a producer is about what never became an event in the topic. */
  private Optional<String> deadLetter(RecordMetadata at, Record<byte[], byte[]> record) {
    return decode(deadLetters, at, record)
        .filter(letter -> letter.getStage() != Stage.PRODUCER)
        .map(letter -> DeadLetters.eventId(letter, record.key()));
  }

  private <T extends SpecificRecord> Optional<T> decode(
      RecordFormat<T> format, RecordMetadata at, Record<byte[], byte[]> record) {
    try {
      return record.value() == null
          ? Optional.empty()
          : Optional.ofNullable(format.decode(at.topic(), record.value()));
    } catch (UnreadableRecordException e) {
      LOG.debug(
          "ledger: {}-{}@{} cannot be read: {}",
          at.topic(),
          at.partition(),
          at.offset(),
          e.getMessage());
      return Optional.empty();
    }
  }
}
