package io.dimee.deploy.pipeline;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.DeadLetters;
import io.dimee.topology.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Reads committed predictions and dead letters; belongs to no group and leaves no trace. */
public final class OutcomeReader implements AutoCloseable {
  private final Consumer<byte[], byte[]> consumer;
  private final OutcomeDecoder decoder;

  /**
   * Creates a reader of all that the given topics' present partitions hold; it owns the consumer.
   */
  public OutcomeReader(
      Consumer<byte[], byte[]> consumer, Topics topics, RecordFormats formats, List<String> names) {
    this(
        consumer,
        topics,
        formats,
        () -> {
          List<TopicPartition> partitions = Partitions.of(consumer, names);
          consumer.assign(partitions);
          consumer.seekToBeginning(partitions);
        });
  }

  private OutcomeReader(
      Consumer<byte[], byte[]> consumer, Topics topics, RecordFormats formats, Runnable begin) {
    this.consumer = consumer;
    this.decoder = new OutcomeDecoder(topics, formats);
    try {
      begin.run();
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /**
   * Creates a reader of what comes after this; it owns the consumer.
   *
   * @throws org.apache.kafka.common.KafkaException when one of the topics does not exist
   */
  public static OutcomeReader fromNowOn(
      Consumer<byte[], byte[]> consumer, Topics topics, RecordFormats formats) {
    return new OutcomeReader(
        consumer,
        topics,
        formats,
        () -> {
          List<TopicPartition> partitions =
              Partitions.ofAll(
                  List.of(topics.predictions(), topics.deadLetters()), consumer::partitionsFor);
          consumer.assign(partitions);
          // not seekToEnd, which looks for the end when it is first read
          consumer.endOffsets(partitions).forEach(consumer::seek);
        });
  }

  /**
   * Reads what has come, waiting for it a while; what is no outcome is passed over ({@link
   * OutcomeDecoder}). A dead letter whose event could not be read gets its record's key as the
   * event's id.
   *
   * @return the number of records
   */
  public int poll(
      Duration patience,
      java.util.function.Consumer<Prediction> onPrediction,
      java.util.function.Consumer<DeadLetter> onDeadLetter) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(patience);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      decoder.decode(
          record,
          onPrediction,
          letter -> {
            letter.setEventId(DeadLetters.eventId(letter, record.key()));
            onDeadLetter.accept(letter);
          });
    }
    return records.count();
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
