package io.dimee.topology.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchBytesTest {
  private static final TopicPartition FIRST = new TopicPartition("tasks", 0);
  private static final TopicPartition SECOND = new TopicPartition("tasks", 1);

  private final Log consumer = new Log();

  /** Reads again what it goes back to; Kafka's own mock has forgotten it. */
  private static final class Log extends MockConsumer<byte[], byte[]> {
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    Log() {
      super("earliest");
    }

    @Override
    public synchronized void addRecord(ConsumerRecord<byte[], byte[]> record) {
      records.add(record);
      super.addRecord(record);
    }

    @Override
    public synchronized void seek(TopicPartition partition, OffsetAndMetadata at) {
      super.seek(partition, at);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.partition() == partition.partition() && record.offset() >= at.offset()) {
          super.addRecord(record);
        }
      }
    }
  }

  @BeforeEach
  void assign() {
    consumer.assign(List.of(FIRST, SECOND));
    consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
  }

  private void add(TopicPartition partition, int... sizes) {
    for (int i = 0; i < sizes.length; i++) {
      consumer.addRecord(
          new ConsumerRecord<>(
              partition.topic(), partition.partition(), i, null, new byte[sizes[i]]));
    }
  }

  private ConsumerRecords<byte[], byte[]> poll(long most) {
    return BatchBytes.cut(consumer, consumer.poll(Duration.ZERO), most);
  }

  private static List<Integer> sizes(ConsumerRecords<byte[], byte[]> records) {
    List<Integer> sizes = new ArrayList<>();
    records.forEach(record -> sizes.add(record.value().length));
    return sizes;
  }

  @Test
  void shouldTakeAllThatFits() {
    add(FIRST, 1, 2);
    add(SECOND, 3);

    ConsumerRecords<byte[], byte[]> polled = poll(6);

    assertThat(sizes(polled)).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(polled.nextOffsets())
        .hasSize(2)
        .hasEntrySatisfying(FIRST, next -> assertThat(next.offset()).isEqualTo(2));
  }

  @Test
  void shouldTakeEveryRecordOnceInBatchesThatAreNoLarger() {
    // Given records of two partitions, one of which is larger than a batch
    add(FIRST, 4, 5, 6);
    add(SECOND, 20, 7);

    // When
    List<Integer> sizes = new ArrayList<>();
    Map<TopicPartition, Long> next = new HashMap<>();
    for (int polls = 0; sizes.size() < 5; polls++) {
      ConsumerRecords<byte[], byte[]> polled = poll(10);
      List<Integer> batch = sizes(polled);
      sizes.addAll(batch);

      // Then what is committed with a batch is where the next begins
      assertThat(batch.size() == 1 || batch.stream().mapToInt(size -> size).sum() <= 10).isTrue();
      for (Map.Entry<TopicPartition, OffsetAndMetadata> at : polled.nextOffsets().entrySet()) {
        assertThat(at.getValue().offset())
            .isEqualTo(next.getOrDefault(at.getKey(), 0L) + polled.records(at.getKey()).size());
        next.put(at.getKey(), at.getValue().offset());
      }
      assertThat(polls).isLessThan(5);
    }
    assertThat(sizes).containsExactlyInAnyOrder(4, 5, 6, 20, 7);
    assertThat(next).isEqualTo(Map.of(FIRST, 3L, SECOND, 2L));
  }
}
