package io.dimee.topology.tier;

import io.dimee.avro.Hop;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.UnknownLabel;
import io.dimee.topology.routing.Latency;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers, how long they took and what they cost, of a tier or of the router. */
public final class AnswerMeters {
  static final Duration[] LATENCIES = {
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1)
  };

  private final MeterRegistry registry;
  private final Tags tags;
  private final Timer latency;
  private final Counter computeCost;
  private final Counter answeredCost;
  private final Counter cloudOnlyCost;
  private final Counter unknown;
  private final Map<Integer, Counter> answers = new ConcurrentHashMap<>();

  /**
   * Creates the metrics.
   *
   * @param tags of each
   */
  public AnswerMeters(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
    this.latency =
        Timer.builder("dimee.latency")
            .description("Time from an event's creation to its answer")
            .tags(tags)
            .serviceLevelObjectives(LATENCIES)
            .register(registry);
    this.computeCost = counter("dimee.cost.compute", "Cost of layers and exits, in price units");
    this.answeredCost =
        counter("dimee.cost.answered", "Cost of answers over all hops, in price units");
    this.cloudOnlyCost =
        counter(
            "dimee.cost.cloud.only", "Cost of the same answers by the cloud alone, in price units");
    this.unknown =
        counter("dimee.answers.unknown", "Predictions whose label is withheld as too uncertain");
  }

  private Counter counter(String name, String description, String... more) {
    return Counter.builder(name).description(description).tags(tags).tags(more).register(registry);
  }

  /** Answers of the exit at a depth, counted from now on. */
  public Counter answersAt(int depth) {
    return answers.computeIfAbsent(
        depth,
        none ->
            counter(
                "dimee.answers",
                "Predictions, by the exit that answered",
                "depth",
                Integer.toString(depth)));
  }

  /** Exits were asked, and layers may have run for that. */
  public void paid(Hop own) {
    computeCost.increment(own.getComputeCost());
  }

  /** An exit has answered. */
  public void answered(Prediction prediction) {
    latency.record(Latency.between(prediction.getCreatedAt(), prediction.getPredictedAt()));
    answeredCost.increment(prediction.getCost().getTotal());
    cloudOnlyCost.increment(prediction.getCost().getCloudOnly());
    answersAt(prediction.getExitDepth()).increment();
    if (prediction.getLabel() == UnknownLabel.INDEX) {
      unknown.increment();
    }
  }
}
