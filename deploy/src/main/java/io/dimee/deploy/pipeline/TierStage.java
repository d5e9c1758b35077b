package io.dimee.deploy.pipeline;

import io.dimee.inference.EarlyExitModel;
import io.dimee.inference.Tier;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.Delivery;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.SpillSwitch;
import io.dimee.topology.TaskProcessor;
import io.dimee.topology.TierWorker;
import io.dimee.topology.Topics;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/** One tier's workers, one a core, and the model that they share. */
public final class TierStage implements Stage {
  /**
   * Large enough to fill inference batches, small enough that an answer does not wait long for its
   * commit.
   */
  private static final int RECORDS_PER_BATCH = 256;

  private final EarlyExitModel model;
  private final List<TierWorker> workers;
  private final CompletableFuture<Void> ended;

  private TierStage(EarlyExitModel model, List<TierWorker> workers) {
    this.model = model;
    this.workers = workers;
    this.ended = ended(workers);
  }

  /** When all have ended, or one has failed. */
  private static CompletableFuture<Void> ended(List<TierWorker> workers) {
    CompletableFuture<Void> failed = new CompletableFuture<>();
    for (TierWorker worker : workers) {
      worker
          .ended()
          .exceptionally(
              cause -> {
                failed.completeExceptionally(cause);
                return null;
              });
    }
    CompletableFuture<?>[] all =
        workers.stream().map(TierWorker::ended).toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.anyOf(CompletableFuture.allOf(all), failed).thenApply(any -> null);
  }

  /** Loads the model and creates the workers' clients. */
  public static TierStage create(
      Tier tier,
      ModelSource source,
      KafkaSettings settings,
      Topics topics,
      Delivery delivery,
      RecordFormats formats,
      SpillSwitch spill) {
    return create(tier, source.load(tier), source, settings, topics, delivery, formats, spill);
  }

  /**
   * Creates the workers' clients.
   *
   * @param model reaches as deep as the tier, and is the stage's to close
   */
  static TierStage create(
      Tier tier,
      EarlyExitModel model,
      ModelSource source,
      KafkaSettings settings,
      Topics topics,
      Delivery delivery,
      RecordFormats formats,
      SpillSwitch spill) {
    List<TierWorker> workers = new ArrayList<>();
    try {
      String group = topics.group(tier);
      for (int i = 0; i < source.threads(); i++) {
        TaskProcessor processor =
            new TaskProcessor(
                tier,
                topics,
                source.bundle().manifest(),
                source.bundle().modelId(),
                model.share(model.deepest()),
                source.costs(),
                source.planner(),
                source.codec(),
                spill,
                formats,
                Clock.systemUTC());
        workers.add(
            new TierWorker(tier, topics, delivery, processor, clients(settings, group, delivery)));
      }
      return new TierStage(model, List.copyOf(workers));
    } catch (RuntimeException e) {
      workers.forEach(TierWorker::close);
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
    workers.forEach(TierWorker::start);
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void close() {
    workers.forEach(TierWorker::stop);
    // ONNX Runtime's close does not wait for a run: the workers' threads must be gone first
    workers.forEach(TierWorker::close);
    model.close();
  }
}
