package io.dimee.topology.worker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The records of one poll, what they became, and which of them are still to be written. */
final class Batch {
  private final List<ConsumerRecord<byte[], byte[]>> records;
  private final Map<TopicPartition, OffsetAndMetadata> open;
  private final Set<ConsumerRecord<byte[], byte[]>> tooLarge = new HashSet<>();
  private List<Output> outputs = List.of();
  private boolean inDoubt;

  Batch(ConsumerRecords<byte[], byte[]> polled) {
    this.records = list(polled);
    this.open = new HashMap<>(polled.nextOffsets());
  }

  static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  static List<ConsumerRecord<byte[], byte[]>> list(ConsumerRecords<byte[], byte[]> polled) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(polled.count());
    polled.forEach(records::add);
    return records;
  }

  List<ConsumerRecord<byte[], byte[]>> records() {
    return records;
  }

  /** Records whose outcomes are dead letters for their size. */
  Set<ConsumerRecord<byte[], byte[]>> tooLarge() {
    return tooLarge;
  }

  /** Takes note that the outcome of a record is refused for its size; false when it was before. */
  boolean putAside(ConsumerRecord<byte[], byte[]> record) {
    return tooLarge.add(record);
  }

  /** Takes what the records have become, in place of what they had. */
  void become(List<Output> computed) {
    outputs.forEach(Output::abandoned);
    outputs = computed;
  }

  /** Where the batch ends in each partition that is still to be written. */
  Map<TopicPartition, OffsetAndMetadata> offsets() {
    return Map.copyOf(open);
  }

  /** What is still to be written. */
  List<Output> outputs() {
    return of(open.keySet());
  }

  private List<Output> of(Collection<TopicPartition> partitions) {
    return outputs.stream()
        .filter(output -> partitions.contains(partition(output.source())))
        .toList();
  }

  /** Leaves partitions to whoever has them now; returns whether there were some. */
  boolean leave(Predicate<TopicPartition> isKept) {
    return open.keySet().removeIf(isKept.negate());
  }

  /** Takes note that partitions are written. */
  void written(Set<TopicPartition> partitions) {
    of(partitions).forEach(Output::committed);
    open.keySet().removeAll(partitions);
  }

  /** Whether nothing is left to write. */
  boolean isDone() {
    return open.isEmpty();
  }

  /** Takes note of whether something may be written of which that is not known. */
  void doubt(boolean isInDoubt) {
    this.inDoubt = isInDoubt;
  }

  /** Ends the batch: what is not known to be written is nobody's to count on. */
  void end() {
    outputs.forEach(inDoubt ? Output::unknown : Output::abandoned);
  }
}
