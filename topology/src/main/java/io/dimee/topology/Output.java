package io.dimee.topology;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What one consumed record became.
 *
 * @param source the record that was consumed
 * @param record the prediction, the task for the next tier, or the dead letter
 */
record Output(ConsumerRecord<byte[], byte[]> source, ProducerRecord<byte[], byte[]> record) {}
