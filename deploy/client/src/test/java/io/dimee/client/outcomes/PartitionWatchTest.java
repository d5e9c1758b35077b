package io.dimee.client.outcomes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PartitionWatchTest {
  private static final String TOPIC = "t";

  private final AtomicLong nanos = new AtomicLong();
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

  private PartitionWatch watch(ToLongFunction<PartitionWatch.Held> first) {
    return new PartitionWatch(
        List.of(TOPIC),
        Partitions::of,
        first,
        PartitionWatch.Held::begin,
        Duration.ofSeconds(1),
        nanos::get);
  }

  private static TopicPartition partition(int number) {
    return new TopicPartition(TOPIC, number);
  }

  /** The topic has so many partitions, which hold records from 0 to these ends. */
  private static void has(MockConsumer<byte[], byte[]> consumer, long... ends) {
    consumer.updatePartitions(
        TOPIC,
        IntStream.range(0, ends.length)
            .mapToObj(i -> new PartitionInfo(TOPIC, i, null, null, null))
            .toList());
    for (int i = 0; i < ends.length; i++) {
      consumer.updateBeginningOffsets(Map.of(partition(i), 0L));
      consumer.updateEndOffsets(Map.of(partition(i), ends[i]));
    }
  }

  private static void write(MockConsumer<byte[], byte[]> consumer, int partition, long offset) {
    consumer.addRecord(new ConsumerRecord<>(TOPIC, partition, offset, null, new byte[0]));
  }

  private static List<String> read(PartitionWatch watch, MockConsumer<byte[], byte[]> consumer) {
    List<String> places = new ArrayList<>();
    watch.poll(
        consumer, Duration.ZERO, record -> places.add(record.partition() + "@" + record.offset()));
    return places;
  }

  @Test
  void shouldReadPartitionsThatComeLaterFromTheirBeginnings() {
    // Given a watch of what comes from now on
    has(consumer, 7);
    PartitionWatch watch = watch(PartitionWatch.Held::end);
    watch.follow(consumer);
    assertThat(watch.isDue()).isFalse();

    // When a partition comes, with records already
    has(consumer, 7, 2);
    nanos.addAndGet(PartitionWatch.CHECK.toNanos() + 1);
    assertThat(watch.isDue()).isTrue();
    watch.follow(consumer);
    write(consumer, 0, 7);
    write(consumer, 1, 0);
    write(consumer, 1, 1);

    // Then
    assertThat(read(watch, consumer)).containsExactlyInAnyOrder("0@7", "1@0", "1@1");
    assertThat(watch.isDue()).isFalse();
  }

  @Test
  void shouldGoOnWhereItWasWithAnotherConsumer() {
    // Given one that has read two of three records, and none of the other partition
    has(consumer, 3, 5);
    PartitionWatch watch = watch(held -> held.last(4));
    watch.follow(consumer);
    assertThat(consumer.position(partition(0))).isEqualTo(1);
    write(consumer, 0, 1);
    assertThat(read(watch, consumer)).containsExactly("0@1");

    // When
    MockConsumer<byte[], byte[]> next = new MockConsumer<>("earliest");
    has(next, 3, 9);
    watch.follow(next);

    // Then
    assertThat(next.position(partition(0))).isEqualTo(2);
    assertThat(next.position(partition(1))).isEqualTo(3);
  }

  @Test
  void shouldReadATopicThatWasMadeAnewFromItsBeginning() {
    // Given
    has(consumer, 9);
    PartitionWatch watch = watch(PartitionWatch.Held::end);
    watch.follow(consumer);

    // When
    MockConsumer<byte[], byte[]> next = new MockConsumer<>("earliest");
    has(next, 2);
    watch.follow(next);

    // Then
    assertThat(next.position(partition(0))).isZero();
  }

  @Test
  void shouldReadAgainWhatWasNotTaken() {
    // Given a record that cannot be taken
    has(consumer, 2);
    PartitionWatch watch = watch(PartitionWatch.Held::begin);
    watch.follow(consumer);
    write(consumer, 0, 0);
    write(consumer, 0, 1);
    assertThatThrownBy(
            () ->
                watch.poll(
                    consumer,
                    Duration.ZERO,
                    record -> {
                      if (record.offset() == 1) {
                        throw new IllegalStateException("not now");
                      }
                    }))
        .hasMessage("not now");

    // When
    MockConsumer<byte[], byte[]> next = new MockConsumer<>("earliest");
    has(next, 2);
    watch.follow(next);

    // Then
    assertThat(next.position(partition(0))).isEqualTo(1);
  }

  @Test
  void shouldShareTheLastRecordsAmongPartitions() {
    long[] lasts =
        Arrays.stream(new long[] {0, 3, 100})
            .map(end -> new PartitionWatch.Held(0, end, 4).last(20))
            .toArray();

    assertThat(lasts).containsExactly(0, 0, 95);
  }
}
