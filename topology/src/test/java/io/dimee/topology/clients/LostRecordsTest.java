package io.dimee.topology.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LostRecordsTest {
  private static final TopicPartition FIRST = new TopicPartition("medium", 0);
  private static final TopicPartition SECOND = new TopicPartition("medium", 1);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final LostRecords lost = new LostRecords(meters, "edge");
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");

  @BeforeEach
  void assign() {
    consumer.assign(List.of(FIRST, SECOND));
    consumer.updateBeginningOffsets(Map.of(FIRST, 40L, SECOND, 7L));
    consumer.updateEndOffsets(Map.of(FIRST, 50L, SECOND, 9L));
  }

  private double counted() {
    return meters.get("dimee.records.lost").tag("tier", "edge").counter().count();
  }

  @Test
  void shouldBeThereBeforeAnythingIsLost() {
    assertThat(counted()).isZero();
  }

  @Test
  void shouldCountWhatWasRemovedBeforeItWasRead() {
    // When
    lost.goOn(consumer, new OffsetOutOfRangeException(Map.of(FIRST, 8L, SECOND, 6L)));

    // Then
    assertThat(counted()).isEqualTo(33);
    assertThat(consumer.position(FIRST)).isEqualTo(40);
    assertThat(consumer.position(SECOND)).isEqualTo(7);
  }

  @Test
  void shouldLoseNothingOfANewPartition() {
    // When
    lost.goOn(consumer, new NoOffsetForPartitionException(Set.of(FIRST)));

    // Then
    assertThat(counted()).isZero();
    assertThat(consumer.position(FIRST)).isEqualTo(40);
  }

  /** Records of a topic that was recreated are all new. */
  @Test
  void shouldBeginAgainWhereTheTopicEndsBeforeThePosition() {
    // When
    lost.goOn(consumer, new OffsetOutOfRangeException(Map.of(SECOND, 1_000L)));

    // Then
    assertThat(counted()).isZero();
    assertThat(consumer.position(SECOND)).isEqualTo(7);
  }

  @Test
  void shouldGoOnWhereALogWasCutOff() {
    // When
    lost.goOn(
        consumer,
        new LogTruncationException(Map.of(FIRST, 49L), Map.of(FIRST, new OffsetAndMetadata(45))));

    // Then
    assertThat(counted()).isZero();
    assertThat(consumer.position(FIRST)).isEqualTo(45);
  }
}
