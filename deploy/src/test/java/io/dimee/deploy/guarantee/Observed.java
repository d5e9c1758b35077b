package io.dimee.deploy.guarantee;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What a reader of committed records sees.
 *
 * @param eventIds keys of the events, one for each record
 */
public record Observed(
    Topics topics,
    List<String> eventIds,
    List<Prediction> predictions,
    List<DeadLetter> deadLetters) {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int RECORDS_PER_POLL = 1_000;

  /** Reads events, predictions and dead letters from their beginning to their present ends. */
  public static Observed read(String bootstrapServers, Topics topics, RecordFormats formats) {
    Observed observed =
        new Observed(topics, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    KafkaSettings settings = new KafkaSettings(bootstrapServers, Map.of());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings.consumer(null, RECORDS_PER_POLL))) {
      List<TopicPartition> partitions =
          List.of(topics.events(), topics.predictions(), topics.deadLetters()).stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(POLL).forEach(record -> observed.add(record, formats));
      }
    }
    return observed;
  }

  private void add(ConsumerRecord<byte[], byte[]> record, RecordFormats formats) {
    String topic = record.topic();
    if (topic.equals(topics.events())) {
      eventIds.add(new String(record.key(), StandardCharsets.UTF_8));
    } else if (topic.equals(topics.predictions())) {
      predictions.add(formats.of(Prediction.class).decode(topic, record.value()));
    } else {
      deadLetters.add(formats.of(DeadLetter.class).decode(topic, record.value()));
    }
  }
}
