package io.dimee.analytics;

import io.dimee.client.outcomes.RangeReader;
import io.dimee.serdes.RecordFormats;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Brings a cache's file up to what topics hold. */
final class CacheUpdate {
  /**
   * Two of DuckDB's row groups, each of which it casts in a thread; 260 MB of staged predictions.
   */
  private static final int ROWS_AT_ONCE = 2 * 122_880;

  private final CacheWriter writer;
  private final RangeReader reader;
  private final RecordFormats formats;
  private final LongConsumer progress;
  private int staged;
  private long read;
  private long unreadable;

  /**
   * Prepares an update; reader and writer are the caller's to close.
   *
   * @param progress hears how many records have been read so far
   */
  CacheUpdate(
      CacheWriter writer, RangeReader reader, RecordFormats formats, LongConsumer progress) {
    this.writer = writer;
    this.reader = reader;
    this.formats = formats;
    this.progress = progress;
  }

  /** Reads what is missing of a topic. */
  void run(TopicTable<?> table, TopicState topic) throws SQLException {
    Map<Integer, ReadRange> known = new HashMap<>(writer.ranges(table, topic));
    ReadPlan plan = ReadPlan.of(topic, known);
    if (!plan.newer().isEmpty()) {
      reader.read(
          ranges(topic, plan.newer()),
          (records, positions) -> {
            stage(table, records);
            positions.forEach(
                (place, next) -> {
                  int partition = place.partition();
                  long first =
                      known.containsKey(partition)
                          ? known.get(partition).first()
                          : topic.starts().get(partition);
                  known.put(partition, new ReadRange(first, next));
                });
            if (staged >= ROWS_AT_ONCE) {
              keep(table, topic, known);
            }
            return true;
          });
      keep(table, topic, known);
    }
    if (!plan.older().isEmpty()) {
      readOlder(table, topic, plan.older(), known);
    }
  }

  private void readOlder(
      TopicTable<?> table,
      TopicState topic,
      Map<Integer, ReadRange> older,
      Map<Integer, ReadRange> known)
      throws SQLException {
    reader.read(
        ranges(topic, older),
        (records, positions) -> {
          stage(table, records);
          if (staged >= ROWS_AT_ONCE) {
            writer.move(table);
            staged = 0;
          }
          return true;
        });
    older.forEach(
        (partition, range) ->
            known.put(partition, new ReadRange(range.first(), known.get(partition).next())));
    keep(table, topic, known);
  }

  private static Map<TopicPartition, RangeReader.Range> ranges(
      TopicState topic, Map<Integer, ReadRange> ranges) {
    return ranges.entrySet().stream()
        .collect(
            Collectors.toMap(
                range -> new TopicPartition(topic.name(), range.getKey()),
                range -> new RangeReader.Range(range.getValue().first(), range.getValue().next())));
  }

  private void stage(TopicTable<?> table, List<ConsumerRecord<byte[], byte[]>> records)
      throws SQLException {
    unreadable += writer.stage(table, formats, records);
    staged += records.size();
    read += records.size();
    progress.accept(read);
  }

  private void keep(TopicTable<?> table, TopicState topic, Map<Integer, ReadRange> ranges)
      throws SQLException {
    writer.keep(table, topic, ranges);
    staged = 0;
  }

  /** Records that were read. */
  long read() {
    return read;
  }

  /** Those of them that could not be decoded. */
  long unreadable() {
    return unreadable;
  }
}
