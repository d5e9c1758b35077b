package io.dimee.topology.clients;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group's consumer that begins at the earliest record, as {@code auto.offset.reset} would have
 * it, but not in silence: Kafka's own way does not tell what a group has lost.
 */
public final class GroupConsumer extends KafkaConsumer<byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(GroupConsumer.class);

  private final LostRecords lost;

  /**
   * Creates the consumer.
   *
   * @param settings of {@link io.dimee.topology.cluster.KafkaSettings}, or what Kafka Streams makes
   *     of them
   */
  public GroupConsumer(Map<?, ?> settings, LostRecords lost) {
    super(withoutReset(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.lost = lost;
  }

  private static Map<String, Object> withoutReset(Map<?, ?> settings) {
    Map<String, Object> all = new HashMap<>();
    settings.forEach((key, value) -> all.put(key.toString(), value));
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    return all;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    try {
      return super.poll(timeout);
    } catch (InvalidOffsetException e) {
      try {
        lost.goOn(this, e);
      } catch (RetriableException busy) {
        // the next poll fails in the same way, and asks again
        LOG.info(
            "{}; the position to continue from is not known: {}", e.getMessage(), busy.toString());
      }
      return ConsumerRecords.empty();
    }
  }

  @Override
  public long position(TopicPartition partition) {
    try {
      return super.position(partition);
    } catch (InvalidOffsetException e) {
      lost.goOn(this, e);
      return super.position(partition);
    }
  }

  @Override
  public long position(TopicPartition partition, Duration timeout) {
    try {
      return super.position(partition, timeout);
    } catch (InvalidOffsetException e) {
      lost.goOn(this, e);
      return super.position(partition, timeout);
    }
  }
}
