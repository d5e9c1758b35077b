package io.dimee.topology.clients;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on where a group's position is none of its topic, and tells what is missing: records that
 * retention removed before they were read have no outcome, and nothing else would say so.
 */
public final class LostRecords {
  private static final Logger LOG = LoggerFactory.getLogger(LostRecords.class);

  private final String part;
  private final Counter lost;

  /**
   * Creates the metric.
   *
   * @param part of the pipeline that reads, the metric's tag "tier"
   */
  public LostRecords(MeterRegistry registry, String part) {
    this.part = part;
    this.lost =
        Counter.builder("dimee.records.lost")
            .description("Records deleted before they were read, transaction markers included")
            .tag("tier", part)
            .register(registry);
  }

  /**
   * Moves a consumer to where it can read on.
   *
   * @throws org.apache.kafka.common.errors.RetriableException when the cluster does not say where
   *     that is; the position is still the old one then
   */
  void goOn(Consumer<?, ?> consumer, InvalidOffsetException e) {
    if (e instanceof OffsetOutOfRangeException outOfRange) {
      Map<TopicPartition, OffsetAndMetadata> divergences =
          e instanceof LogTruncationException truncated ? truncated.divergentOffsets() : Map.of();
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(e.partitions());
      outOfRange
          .offsetOutOfRangePartitions()
          .forEach(
              (partition, offset) -> {
                OffsetAndMetadata divergence = divergences.get(partition);
                if (divergence == null) {
                  goOn(consumer, partition, offset, begins.get(partition));
                } else {
                  LOG.warn(
                      "{}: {} was truncated at {} and written again; reading continues from there",
                      part,
                      partition,
                      divergence.offset());
                  consumer.seek(partition, divergence.offset());
                }
              });
    } else {
      // where a new partition, or a group's first, is begun
      consumer.seekToBeginning(e.partitions());
    }
  }

  private void goOn(Consumer<?, ?> consumer, TopicPartition partition, long offset, long begin) {
    if (offset < begin) {
      lost.increment((double) (begin - offset));
      LOG.warn(
          "{}: {} records of {} from offset {} on, transaction markers included, were deleted before they were"
              + " read, and have no outcome; does the topic keep records for long enough?",
          part,
          begin - offset,
          partition,
          offset);
    } else {
      LOG.warn("{}: {} ends before {}; reading it from its beginning", part, partition, offset);
    }
    consumer.seek(partition, begin);
  }
}
