package io.dimee.node.stages;

import io.dimee.avro.InferenceTask;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.serdes.EnumNames;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tier.ModelDispatcher;
import io.dimee.topology.tier.TaskProcessor;
import io.dimee.topology.tier.TierMeters;
import io.dimee.topology.tracing.Telemetry;
import io.dimee.topology.worker.BatchProcessor;
import io.dimee.topology.worker.TierWorker;
import io.dimee.topology.worker.WorkerMeters;
import io.dimee.topology.worker.WorkerPulse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One tier's workers, one a core, and the models that they share. */
public final class TierStage implements Stage {
  private final Tier tier;
  private final List<SegmentSet> owned;
  private final List<TierWorker> workers;
  private final CompletableFuture<Void> ended;

  private TierStage(Tier tier, List<SegmentSet> owned, List<TierWorker> workers) {
    this.tier = tier;
    this.owned = owned;
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

  /**
   * Loads the models and creates the workers' clients.
   *
   * @param sources one or, during a rollout, several; the first answers what is of no model here
   */
  public static TierStage create(
      Tier tier,
      List<ModelSource> sources,
      Connection connection,
      Delivery delivery,
      SpillSwitch spill,
      Telemetry telemetry) {
    List<Loaded> loaded = new ArrayList<>();
    try {
      for (ModelSource source : sources) {
        loaded.add(new Loaded(source, source.load(tier)));
      }
    } catch (RuntimeException e) {
      loaded.forEach(l -> l.segments.close());
      throw e;
    }
    List<SegmentSet> owned = loaded.stream().map(Loaded::segments).toList();
    try {
      return new TierStage(
          tier, owned, workers(tier, loaded, connection, delivery, spill, telemetry));
    } catch (RuntimeException e) {
      owned.forEach(SegmentSet::close);
      throw e;
    }
  }

  /**
   * Creates the workers' clients.
   *
   * @param segments at least as deep as the tier; the caller's to close, after the stage
   */
  static TierStage create(
      Tier tier,
      SegmentSet segments,
      ModelSource source,
      Connection connection,
      Delivery delivery,
      SpillSwitch spill,
      Telemetry telemetry) {
    return new TierStage(
        tier,
        List.of(),
        workers(
            tier, List.of(new Loaded(source, segments)), connection, delivery, spill, telemetry));
  }

  /** Segments and where they came from. */
  private record Loaded(ModelSource source, SegmentSet segments) {}

  private static List<TierWorker> workers(
      Tier tier,
      List<Loaded> loaded,
      Connection connection,
      Delivery delivery,
      SpillSwitch spill,
      Telemetry telemetry) {
    List<TierWorker> workers = new ArrayList<>();
    Topics topics = connection.topics();
    RecordFormats formats = connection.formats();
    TierMeters meters = new TierMeters(telemetry.meters(), tier);
    WorkerMeters workerMeters = new WorkerMeters(telemetry.meters(), tier);
    try {
      String group = topics.group(tier);
      for (int i = 0; i < loaded.get(0).source.threads(); i++) {
        Map<String, TaskProcessor> processors = new LinkedHashMap<>();
        for (Loaded one : loaded) {
          processors.put(
              one.source.bundle().modelId(),
              new TaskProcessor(
                  tier,
                  one.source.tierModel(tier, one.segments),
                  connection.wire(),
                  spill,
                  meters,
                  telemetry.tracer(),
                  Clock.systemUTC()));
        }
        BatchProcessor processor =
            processors.size() == 1
                ? processors.values().iterator().next()
                : new ModelDispatcher(formats.of(InferenceTask.class), processors);
        workers.add(
            new TierWorker(
                tier,
                topics,
                delivery,
                processor,
                new WorkerClients(connection.settings(), tier, group, delivery, telemetry.meters()),
                workerMeters,
                new WorkerPulse(System::nanoTime)));
      }
      return List.copyOf(workers);
    } catch (RuntimeException e) {
      workers.forEach(TierWorker::close);
      throw e;
    }
  }

  @Override
  public void start() {
    workers.forEach(TierWorker::start);
  }

  @Override
  public Health health() {
    return new Health(
        EnumNames.lower(tier),
        workers.stream().allMatch(TierWorker::isLive),
        workers.stream().allMatch(TierWorker::hasJoined));
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
    owned.forEach(SegmentSet::close);
  }
}
