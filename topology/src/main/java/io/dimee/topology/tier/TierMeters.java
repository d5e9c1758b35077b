package io.dimee.topology.tier;

import io.dimee.avro.Hop;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.exits.InferenceUsage;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.deadletters.DeadLetterCounters;
import io.dimee.topology.routing.Latency;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/**
 * What a tier computes, answers and pays, as metrics. Counted when it is computed: a batch whose
 * commit is refused and which another worker answers is counted by both, as it was paid for by
 * both. Counters are there from the start, as dead letters are ({@link DeadLetterCounters}). For
 * several threads.
 */
public final class TierMeters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final DistributionSummary batchSize;
  private final Timer batchTime;
  private final Timer queueTime;
  private final Counter layers;
  private final Counter restarts;
  private final Counter foreign;
  private final Counter spills;
  private final Counter offloadCost;
  private final AnswerMeters answers;
  private final DeadLetterCounters deadLetters;
  private final List<EarlyExitModel> models = new CopyOnWriteArrayList<>();
  private final Map<Tier, Counter> escalations = new EnumMap<>(Tier.class);

  /** Creates the metrics of a tier. */
  public TierMeters(MeterRegistry registry, Tier tier) {
    this.registry = registry;
    this.tags = Tags.of("tier", EnumNames.lower(tier));
    this.batchSize =
        DistributionSummary.builder("dimee.batch.size")
            .description("Records per batch")
            .tags(tags)
            .register(registry);
    this.batchTime =
        Timer.builder("dimee.batch.time")
            .description("Time from a batch's records to its outcomes")
            .tags(tags)
            .serviceLevelObjectives(AnswerMeters.LATENCIES)
            .register(registry);
    this.queueTime =
        Timer.builder("dimee.queue.time")
            .description("Time from a task's record to the batch that holds it")
            .tags(tags)
            .serviceLevelObjectives(AnswerMeters.LATENCIES)
            .register(registry);
    this.layers = counter("dimee.layers", "Encoder layers run, summed over tasks");
    this.restarts = counter("dimee.restarts", "Tasks restarted from their token ids at this tier");
    this.foreign = counter("dimee.foreign.tasks", "Tasks of a model that this tier does not have");
    this.spills = counter("dimee.spills", "Tasks sent to the cloud because the edge was behind");
    this.offloadCost =
        counter("dimee.cost.offload", "Cost of offloading tasks to this tier, in price units");
    this.answers = new AnswerMeters(registry, tags);
    this.deadLetters = new DeadLetterCounters(registry, tags);
    for (Tier to : EnumSet.range(tier, Tier.CLOUD)) {
      if (to != tier) {
        escalations.put(
            to,
            counter(
                "dimee.escalations",
                "Tasks escalated, by the tier that they went to",
                "to",
                EnumNames.lower(to)));
      }
    }
    inference("dimee.inference.runs", "Segment runs, each on one batch", InferenceUsage::runs);
    inference("dimee.inference.tokens", "Tokens in segment runs", InferenceUsage::tokens);
    inference("dimee.inference.padding", "Padding tokens in segment runs", InferenceUsage::padding);
    inference("dimee.inference.seconds", "Wall time in ONNX Runtime", InferenceUsage::seconds);
  }

  private Counter counter(String name, String description, String... more) {
    return Counter.builder(name).description(description).tags(tags).tags(more).register(registry);
  }

  /** Adds what a model has run to the metrics; it must stay as long as the registry. */
  void add(String modelId, EarlyExitModel model) {
    models.add(model);
    model.depths().forEach(answers::answersAt);
    Gauge.builder("dimee.model.info", () -> 1)
        .description("1 for each model that the tier serves")
        .tags(tags)
        .tag("model", modelId)
        .register(registry);
  }

  private void inference(String name, String description, ToDoubleFunction<InferenceUsage> value) {
    FunctionCounter.builder(
            name, models, all -> all.stream().map(EarlyExitModel::usage).mapToDouble(value).sum())
        .description(description)
        .tags(tags)
        .register(registry);
  }

  /** A batch of records was processed. */
  public void batch(int size, Duration time) {
    batchSize.record(size);
    batchTime.record(time);
  }

  /** A batch has taken a task. */
  public void taken(Instant written, Instant now) {
    queueTime.record(Latency.between(written, now));
  }

  void foreign() {
    foreign.increment();
  }

  /**
   * An exit of this tier has answered.
   *
   * @param own this tier's hop
   */
  public void answered(Prediction prediction, Hop own) {
    ran(own);
    answers.answered(prediction);
  }

  void escalated(Tier to, boolean spilled, Hop own) {
    ran(own);
    if (spilled) {
      spills.increment();
    }
    escalations.get(to).increment();
  }

  private void ran(Hop own) {
    layers.increment(own.getLayersRun());
    answers.paid(own);
    offloadCost.increment(own.getOffloadCost());
    if (own.getRestarted()) {
      restarts.increment();
    }
  }

  void deadLetter(Reason reason) {
    deadLetters.count(reason);
  }
}
