package io.dimee.topology.worker;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Holds a batch to a number of bytes. Kafka's clients bound a poll by records, and by bytes only
 * each fetch of a partition; a worker has a batch in memory several times: as it was read, decoded,
 * and what it becomes.
 */
final class BatchBytes {
  /** Room for 256 hidden states of 128 tokens in fp16. */
  static final int MOST = 32 * 1024 * 1024;

  private BatchBytes() {}

  /**
   * The first records of a poll, up to a number of bytes, or the first alone where it has more. The
   * consumer goes back to those that are left.
   *
   * @param most bytes of keys, values and headers
   */
  static ConsumerRecords<byte[], byte[]> cut(
      Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> polled, long most) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> kept = new LinkedHashMap<>();
    Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(polled.nextOffsets());
    long bytes = 0;
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
      int count = 0;
      while (count < records.size()) {
        bytes += bytes(records.get(count));
        if (bytes > most && (count > 0 || !kept.isEmpty())) {
          break;
        }
        count++;
      }
      if (count < records.size()) {
        ConsumerRecord<byte[], byte[]> left = records.get(count);
        OffsetAndMetadata at = new OffsetAndMetadata(left.offset(), left.leaderEpoch(), "");
        consumer.seek(partition, at);
        next.put(partition, at);
      }
      if (count > 0) {
        kept.put(partition, records.subList(0, count));
      } else {
        next.remove(partition);
      }
    }
    return new ConsumerRecords<>(kept, next);
  }

  private static long bytes(ConsumerRecord<byte[], byte[]> record) {
    long bytes = length(record.key()) + length(record.value());
    for (Header header : record.headers()) {
      bytes += header.key().length() + length(header.value());
    }
    return bytes;
  }

  private static long length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
