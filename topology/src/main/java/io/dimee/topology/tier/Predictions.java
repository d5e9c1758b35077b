package io.dimee.topology.tier;

import io.dimee.avro.Cost;
import io.dimee.avro.Hop;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.UnknownLabel;
import io.dimee.inference.routing.CostModel;
import io.dimee.inference.routing.PathCosts;
import java.time.Clock;
import java.util.List;

/** Makes a task that an exit has answered a prediction, and sums up what that cost. */
public final class Predictions {
  private final io.dimee.avro.Tier tier;
  private final BundleManifest manifest;
  private final String modelId;
  private final CostModel costs;
  private final Clock clock;

  /**
   * Creates a maker of predictions.
   *
   * @param tier that answers
   */
  public Predictions(
      Tier tier, BundleManifest manifest, String modelId, CostModel costs, Clock clock) {
    this.tier = io.dimee.avro.Tier.valueOf(tier.name());
    this.manifest = manifest;
    this.modelId = modelId;
    this.costs = costs;
    this.clock = clock;
  }

  /**
   * A prediction of now.
   *
   * @param hops all of them, the answering one included
   */
  public Prediction of(InferenceTask task, ExitReading answer, List<Hop> hops) {
    boolean isUnknown = manifest.withholds(answer);
    return Prediction.newBuilder()
        .setId(task.getEventId())
        .setLabel(isUnknown ? UnknownLabel.INDEX : answer.label())
        .setLabelName(isUnknown ? UnknownLabel.NAME : manifest.labels().get(answer.label()))
        .setProbabilities(Floats.asList(answer.probabilities()))
        .setConfidence(answer.confidence())
        .setTier(tier)
        .setPool(task.getPool())
        .setPoolDistances(task.getPoolDistances())
        .setPolicy(task.getPolicy())
        .setExitDepth(answer.depth())
        .setLayersRun(hops.stream().mapToInt(Hop::getLayersRun).sum())
        .setCost(cost(task, hops))
        .setBytesOffloaded(hops.stream().mapToLong(Hop::getBytesIn).sum())
        .setTruncated(task.getTruncated())
        .setSpilled(task.getSpilled())
        .setModelId(modelId)
        .setCreatedAt(task.getCreatedAt())
        .setPredictedAt(clock.instant())
        .setGold(task.getGold())
        .setHops(hops)
        .setAttributes(task.getAttributes())
        .build();
  }

  private Cost cost(InferenceTask task, List<Hop> hops) {
    double compute = hops.stream().mapToDouble(Hop::getComputeCost).sum();
    double offload = hops.stream().mapToDouble(Hop::getOffloadCost).sum();
    return new Cost(compute, offload, compute + offload, costs.cloudOnly(tokenIdBytes(task)));
  }

  static long tokenIdBytes(InferenceTask task) {
    return (long) task.getTokenIds().size() * PathCosts.BYTES_PER_TOKEN_ID;
  }
}
