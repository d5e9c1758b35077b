package io.dimee.deploy.pipeline;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads committed predictions and dead letters from the beginning; belongs to no group and leaves
 * no trace.
 */
public final class OutcomeReader implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Topics topics;
  private final RecordFormat<Prediction> predictions;
  private final RecordFormat<DeadLetter> deadLetters;

  /** Creates a reader of the given topics' present partitions; it owns the consumer. */
  public OutcomeReader(
      KafkaConsumer<byte[], byte[]> consumer,
      Topics topics,
      RecordFormats formats,
      List<String> names) {
    this.consumer = consumer;
    this.topics = topics;
    this.predictions = formats.of(Prediction.class);
    this.deadLetters = formats.of(DeadLetter.class);
    List<TopicPartition> partitions = Partitions.of(consumer, names);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /**
   * Reads what has come, waiting for it a while.
   *
   * @return the number of records
   */
  public int poll(
      Duration patience, Consumer<Prediction> onPrediction, Consumer<DeadLetter> onDeadLetter) {
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      if (record.topic().equals(topics.predictions())) {
        onPrediction.accept(predictions.decode(record.topic(), record.value()));
      } else {
        onDeadLetter.accept(deadLetters.decode(record.topic(), record.value()));
      }
      count++;
    }
    return count;
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
