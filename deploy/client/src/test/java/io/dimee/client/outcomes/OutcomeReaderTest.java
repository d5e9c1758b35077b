package io.dimee.client.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.Prediction;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.testing.SamplePredictions;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeReaderTest {
  private static final Topics TOPICS = new Topics("t.");

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "no prediction")
  void shouldPassOverWhatIsNoOutcome(String value) {
    // Given
    String topic = TOPICS.predictions();
    TopicPartition partition = new TopicPartition(topic, 0);
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    consumer.updatePartitions(topic, List.of(new PartitionInfo(topic, 0, null, null, null)));
    consumer.updateBeginningOffsets(Map.of(partition, 0L));
    consumer.updateEndOffsets(Map.of(partition, 1L));
    try (OutcomeReader reader =
        new OutcomeReader(consumer, new Wire(TOPICS, new SingleObjectFormats()), List.of(topic))) {
      consumer.addRecord(
          new ConsumerRecord<>(
              topic,
              0,
              0,
              new byte[] {1},
              value == null ? null : value.getBytes(StandardCharsets.UTF_8)));

      // When
      int read =
          reader.poll(
              Duration.ZERO,
              prediction -> assertThat(prediction).isNull(),
              letter -> assertThat(letter).isNull());

      // Then
      assertThat(read).isEqualTo(1);
      assertThat(reader.isAtEnd()).isTrue();
    }
  }

  @Test
  void shouldReadATopicThatComesLaterAndBearBrokersThatAreAway() {
    // Given no topic
    String topic = TOPICS.predictions();
    TopicPartition partition = new TopicPartition(topic, 0);
    AtomicLong nanos = new AtomicLong();
    List<String> read = new ArrayList<>();
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    SingleObjectFormats formats = new SingleObjectFormats();
    try (OutcomeReader reader =
        new OutcomeReader(
            consumer,
            new OutcomeDecoder(new Wire(TOPICS, formats)),
            OutcomeReader.watch(List.of(topic), PartitionWatch.Held::begin, nanos::get))) {
      assertThat(reader.poll(Duration.ZERO, p -> {}, l -> {})).isZero();

      // When it comes, and no broker answers at first
      consumer.updatePartitions(topic, List.of(new PartitionInfo(topic, 0, null, null, null)));
      consumer.updateBeginningOffsets(Map.of(partition, 0L));
      consumer.updateEndOffsets(Map.of(partition, 1L));
      consumer.setOffsetsException(new TimeoutException("away"));
      nanos.addAndGet(PartitionWatch.CHECK.toNanos() + 1);
      assertThat(reader.poll(Duration.ZERO, p -> {}, l -> {})).isZero();
      nanos.addAndGet(PartitionWatch.CHECK.toNanos() + 1);
      consumer.schedulePollTask(
          () -> consumer.addRecord(new ConsumerRecord<>(topic, 0, 0, null, bytes(formats))));
      reader.poll(Duration.ZERO, p -> read.add(p.getId()), l -> {});
    }

    // Then
    assertThat(read).containsExactly(SamplePredictions.of(0, Instant.EPOCH).getId());
  }

  private static byte[] bytes(SingleObjectFormats formats) {
    return formats
        .of(Prediction.class)
        .encode(TOPICS.predictions(), SamplePredictions.of(0, Instant.EPOCH));
  }
}
