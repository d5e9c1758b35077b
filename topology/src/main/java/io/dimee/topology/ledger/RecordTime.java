package io.dimee.topology.ledger;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/** A record without a time, which would stop the application, has that of the one before. */
final class RecordTime implements TimestampExtractor {
  @Override
  public long extract(ConsumerRecord<Object, Object> record, long before) {
    return record.timestamp() >= 0 ? record.timestamp() : Math.max(0, before);
  }
}
