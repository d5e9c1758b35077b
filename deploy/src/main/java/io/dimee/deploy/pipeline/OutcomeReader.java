package io.dimee.deploy.pipeline;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.UnreadableRecordException;
import io.dimee.topology.DeadLetters;
import io.dimee.topology.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads committed predictions and dead letters; belongs to no group and leaves no trace. */
public final class OutcomeReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeReader.class);

  private final Consumer<byte[], byte[]> consumer;
  private final Topics topics;
  private final RecordFormat<Prediction> predictions;
  private final RecordFormat<DeadLetter> deadLetters;

  /**
   * Creates a reader of all that the given topics' present partitions hold; it owns the consumer.
   */
  public OutcomeReader(
      Consumer<byte[], byte[]> consumer, Topics topics, RecordFormats formats, List<String> names) {
    this(consumer, topics, formats);
    try {
      List<TopicPartition> partitions = Partitions.of(consumer, names);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private OutcomeReader(Consumer<byte[], byte[]> consumer, Topics topics, RecordFormats formats) {
    this.consumer = consumer;
    this.topics = topics;
    this.predictions = formats.of(Prediction.class);
    this.deadLetters = formats.of(DeadLetter.class);
  }

  /**
   * Creates a reader of what comes after this; it owns the consumer.
   *
   * @throws org.apache.kafka.common.KafkaException when one of the topics does not exist
   */
  public static OutcomeReader fromNowOn(
      Consumer<byte[], byte[]> consumer, Topics topics, RecordFormats formats) {
    try {
      List<TopicPartition> partitions =
          Partitions.ofAll(
              List.of(topics.predictions(), topics.deadLetters()), consumer::partitionsFor);
      consumer.assign(partitions);
      // not seekToEnd, which looks for the end when it is first read
      consumer.endOffsets(partitions).forEach(consumer::seek);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
    return new OutcomeReader(consumer, topics, formats);
  }

  /**
   * Reads what has come, waiting for it a while. A record without a value is somebody's way to have
   * another forgotten, and is passed over, as is one that is neither prediction nor dead letter. A
   * dead letter whose event could not be read gets its record's key as the event's id.
   *
   * @return the number of records
   */
  public int poll(
      Duration patience,
      java.util.function.Consumer<Prediction> onPrediction,
      java.util.function.Consumer<DeadLetter> onDeadLetter) {
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      count++;
      if (record.value() == null) {
        continue;
      }
      try {
        take(record, onPrediction, onDeadLetter);
      } catch (UnreadableRecordException e) {
        LOG.warn(
            "{}-{} at {} is passed over: {}",
            record.topic(),
            record.partition(),
            record.offset(),
            e.getMessage());
      }
    }
    return count;
  }

  private void take(
      ConsumerRecord<byte[], byte[]> record,
      java.util.function.Consumer<Prediction> onPrediction,
      java.util.function.Consumer<DeadLetter> onDeadLetter) {
    if (record.topic().equals(topics.predictions())) {
      onPrediction.accept(predictions.decode(record.topic(), record.value()));
    } else {
      DeadLetter letter = deadLetters.decode(record.topic(), record.value());
      letter.setEventId(DeadLetters.eventId(letter, record.key()));
      onDeadLetter.accept(letter);
    }
  }

  /** Whether all that was there when this is called has been read. */
  public boolean isAtEnd() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    return ends.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
