package io.dimee.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
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
        new OutcomeReader(consumer, TOPICS, new SingleObjectFormats(), List.of(topic))) {
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
}
