package io.dimee.topology.tier;

import io.dimee.avro.Hop;
import io.dimee.avro.InferenceTask;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.Outcome;
import io.dimee.inference.routing.CostModel;
import java.util.ArrayList;
import java.util.List;

/** Writes what a tier did into hops. */
final class HopAccount {
  private final Tier tier;
  private final CostModel costs;

  HopAccount(Tier tier, CostModel costs) {
    this.tier = tier;
    this.costs = costs;
  }

  /**
   * What it took to bring a task here.
   *
   * @param bytes payload bytes; 0 when the event began here
   * @param price in price units
   */
  record Arrival(long bytes, double price) {}

  /**
   * Prices a task's way to this tier: from its last hop's tier, or from the mobile tier, where
   * events arise.
   *
   * @throws IllegalArgumentException when nothing is offloaded that way
   */
  Arrival arrival(InferenceTask task) {
    List<Hop> hops = task.getHops();
    Tier from =
        hops.isEmpty() ? Tier.MOBILE : Tier.valueOf(hops.get(hops.size() - 1).getTier().name());
    if (from == tier) {
      return new Arrival(0, 0);
    }
    long bytes =
        Predictions.tokenIdBytes(task)
            + (task.getHiddenState() == null ? 0 : task.getHiddenState().getData().remaining());
    return new Arrival(bytes, costs.offload(from, tier, bytes));
  }

  Hop hop(Arrival arrival, int fromDepth, boolean restarted, Outcome.Effort effort) {
    int layers = effort.toDepth() - fromDepth;
    return Hop.newBuilder()
        .setTier(io.dimee.avro.Tier.valueOf(tier.name()))
        .setFromDepth(fromDepth)
        .setToDepth(effort.toDepth())
        .setLayersRun(layers)
        .setRestarted(restarted)
        .setExits(effort.readings().stream().map(HopAccount::reading).toList())
        .setComputeMs(effort.computeMs())
        .setBatchSize(effort.batchSize())
        .setBytesIn(arrival.bytes())
        .setComputeCost(costs.compute(tier, layers, effort.readings().size()))
        .setOffloadCost(arrival.price())
        .build();
  }

  private static io.dimee.avro.ExitReading reading(ExitReading reading) {
    return new io.dimee.avro.ExitReading(reading.depth(), reading.label(), reading.confidence());
  }

  /** The task's hops and one more. */
  static List<Hop> append(InferenceTask task, Hop hop) {
    List<Hop> hops = new ArrayList<>(task.getHops());
    hops.add(hop);
    return hops;
  }
}
