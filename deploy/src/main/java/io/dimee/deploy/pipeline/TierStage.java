package io.dimee.deploy.pipeline;

import io.dimee.inference.EarlyExitModel;
import io.dimee.inference.Tier;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.Delivery;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.TaskProcessor;
import io.dimee.topology.TierWorker;
import io.dimee.topology.Topics;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/** One tier's worker and the model that it owns. */
public final class TierStage implements Stage {
  /**
   * Large enough to fill inference batches, small enough that an answer does not wait long for its
   * commit.
   */
  private static final int RECORDS_PER_BATCH = 256;

  private final EarlyExitModel model;
  private final TierWorker worker;

  private TierStage(EarlyExitModel model, TierWorker worker) {
    this.model = model;
    this.worker = worker;
  }

  /** Loads the model and creates the worker's clients. */
  public static TierStage create(
      Tier tier,
      ModelSource source,
      KafkaSettings settings,
      Topics topics,
      Delivery delivery,
      RecordFormats formats) {
    EarlyExitModel model = source.load(source.files(), tier);
    try {
      TaskProcessor processor =
          new TaskProcessor(
              tier,
              topics,
              source.bundle().manifest(),
              source.bundle().modelId(),
              model,
              source.costs(),
              source.planner(),
              source.codec(),
              formats,
              Clock.systemUTC());
      String group = topics.prefix() + tier.name().toLowerCase(Locale.ROOT);
      return new TierStage(
          model,
          new TierWorker(tier, topics, delivery, processor, clients(settings, group, delivery)));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static TierWorker.Clients clients(
      KafkaSettings settings, String group, Delivery delivery) {
    return new TierWorker.Clients() {
      @Override
      public Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(settings.consumer(group, RECORDS_PER_BATCH));
      }

      @Override
      public Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
            settings.producer(delivery == Delivery.EXACTLY_ONCE ? group : null));
      }
    };
  }

  @Override
  public void start() {
    worker.start();
  }

  @Override
  public CompletableFuture<Void> ended() {
    return worker.ended();
  }

  @Override
  public void close() {
    // ONNX Runtime's close does not wait for a run: the worker's thread must be gone first
    worker.close();
    model.close();
  }
}
