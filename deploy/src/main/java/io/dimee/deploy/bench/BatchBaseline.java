package io.dimee.deploy.bench;

import io.dimee.avro.TextEvent;
import io.dimee.inference.bundle.Bundle;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;

/**
 * All in the cloud, done well: a consumer that answers a poll as one padded batch, in one
 * transaction.
 */
final class BatchBaseline implements Contestant {
  /** Where throughput levels off, and padding is still small. */
  private static final int RECORDS_PER_BATCH = 32;

  private static final Duration POLL = Duration.ofMillis(500);

  private final Topics topics;
  private final WholeModel model;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final CompletableFuture<Void> ended;
  private volatile boolean stopping;

  private BatchBaseline(
      Topics topics,
      WholeModel model,
      KafkaConsumer<byte[], byte[]> consumer,
      KafkaProducer<byte[], byte[]> producer) {
    this.topics = topics;
    this.model = model;
    this.consumer = consumer;
    this.producer = producer;
    this.ended = CompletableFuture.runAsync(this::run, task -> new Thread(task, "batches").start());
  }

  /** Starts on topics that exist. */
  static BatchBaseline start(
      KafkaSettings settings, Topics topics, RecordFormats formats, Bundle bundle) {
    String group = topics.prefix() + "batches";
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings.consumer(group, RECORDS_PER_BATCH));
    KafkaProducer<byte[], byte[]> producer = null;
    try {
      producer = new KafkaProducer<>(settings.producer(group));
      WholeModel model = new WholeModel(bundle, formats.of(TextEvent.class));
      return new BatchBaseline(topics, model, consumer, producer);
    } catch (RuntimeException e) {
      if (producer != null) {
        producer.close();
      }
      consumer.close();
      throw e;
    }
  }

  private void run() {
    producer.initTransactions();
    consumer.subscribe(List.of(topics.events()));
    try {
      while (!stopping) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        if (!polled.isEmpty()) {
          answer(polled);
        }
      }
    } catch (WakeupException e) {
      if (!stopping) {
        throw e;
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the commit fails when a record was not written
  private void answer(ConsumerRecords<byte[], byte[]> polled) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(polled.count());
    polled.forEach(records::add);
    List<byte[]> answers =
        model.answer(topics.events(), records.stream().map(ConsumerRecord::value).toList());
    producer.beginTransaction();
    for (int i = 0; i < answers.size(); i++) {
      producer.send(
          new ProducerRecord<>(topics.predictions(), records.get(i).key(), answers.get(i)));
    }
    producer.sendOffsetsToTransaction(polled.nextOffsets(), consumer.groupMetadata());
    producer.commitTransaction();
  }

  @Override
  public String name() {
    return "consumer, batches";
  }

  @Override
  public Topics topics() {
    return topics;
  }

  @Override
  public int label(byte[] answer) {
    return WholeModel.label(answer);
  }

  @Override
  public void throwIfFailed() {
    ended.getNow(null);
  }

  @Override
  public void close() {
    stopping = true;
    consumer.wakeup();
    ended.handle((result, e) -> null).join();
    consumer.close();
    producer.close();
    model.close();
  }
}
