package io.dimee.client.outcomes;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.UnreadableRecordException;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes predictions and dead letters of records. One without a value is somebody's way to have
 * another forgotten, and is passed over; so is, with a warning, one that is neither.
 */
public final class OutcomeDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeDecoder.class);

  private final Topics topics;
  private final RecordFormat<Prediction> predictions;
  private final RecordFormat<DeadLetter> deadLetters;

  /** Creates a decoder of records of the two topics. */
  public OutcomeDecoder(Wire wire) {
    this.topics = wire.topics();
    this.predictions = wire.formats().of(Prediction.class);
    this.deadLetters = wire.formats().of(DeadLetter.class);
  }

  /** Hands on what a record is. */
  public void decode(
      ConsumerRecord<byte[], byte[]> record,
      Consumer<Prediction> onPrediction,
      Consumer<DeadLetter> onDeadLetter) {
    if (record.value() == null) {
      return;
    }
    try {
      if (record.topic().equals(topics.predictions())) {
        onPrediction.accept(predictions.decode(record.topic(), record.value()));
      } else {
        onDeadLetter.accept(deadLetters.decode(record.topic(), record.value()));
      }
    } catch (UnreadableRecordException e) {
      LOG.warn(
          "{}-{} at {} is passed over: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
    }
  }
}
