package io.dimee.deploy.pipeline;

import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.clients.GroupConsumer;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.clients.LostRecords;
import io.dimee.topology.worker.TierWorker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/** Makes a worker's clients, and shows their metrics. */
final class WorkerClients implements TierWorker.Clients {
  /**
   * Large enough to fill inference batches, small enough that an answer does not wait long for its
   * commit.
   */
  private static final int RECORDS_PER_BATCH = 256;

  private final Tags tags;
  private final KafkaSettings settings;
  private final String group;
  private final Delivery delivery;
  private final MeterRegistry registry;
  private final LostRecords lost;
  private final List<KafkaClientMetrics> ofConsumer = new ArrayList<>();
  private final List<KafkaClientMetrics> ofProducer = new ArrayList<>();

  WorkerClients(
      KafkaSettings settings, Tier tier, String group, Delivery delivery, MeterRegistry registry) {
    this.tags = Tags.of("tier", EnumNames.lower(tier));
    this.settings = settings;
    this.group = group;
    this.delivery = delivery;
    this.registry = registry;
    this.lost = new LostRecords(registry, EnumNames.lower(tier));
  }

  @Override
  public Consumer<byte[], byte[]> consumer() {
    Consumer<byte[], byte[]> consumer =
        new GroupConsumer(settings.consumer(group, RECORDS_PER_BATCH), lost);
    show(ofConsumer, new KafkaClientMetrics(consumer, tags));
    return consumer;
  }

  @Override
  public Producer<byte[], byte[]> producer() {
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(settings.producer(delivery == Delivery.EXACTLY_ONCE ? group : null));
    show(ofProducer, new KafkaClientMetrics(producer, tags));
    return producer;
  }

  /** A client that takes another's place has its metrics' place too. */
  private void show(List<KafkaClientMetrics> shown, KafkaClientMetrics metrics) {
    shown.forEach(KafkaClientMetrics::close);
    shown.clear();
    shown.add(metrics);
    metrics.bindTo(registry);
  }

  @Override
  public void close() {
    ofConsumer.forEach(KafkaClientMetrics::close);
    ofProducer.forEach(KafkaClientMetrics::close);
  }
}
