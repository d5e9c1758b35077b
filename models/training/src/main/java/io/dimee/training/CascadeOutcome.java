package io.dimee.training;

import io.dimee.inference.CostModel;
import io.dimee.inference.Exit;
import io.dimee.inference.ExitReading;
import io.dimee.inference.Tier;
import io.dimee.inference.TierDepths;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What policy cascade does on a data set: everything starts on the mobile tier, and the first
 * confident exit answers.
 *
 * @param accuracy share of rows answered rightly
 * @param lastExitAccuracy share of rows that the last exit alone answers rightly
 * @param cost mean cost a row, in price units
 * @param cloudOnlyCost mean cost a row when the cloud answers everything
 * @param shares rows answered by each tier, as shares that sum to 1; mobile, edge, cloud
 */
public record CascadeOutcome(
    double accuracy,
    double lastExitAccuracy,
    double cost,
    double cloudOnlyCost,
    List<Double> shares) {
  /** Accuracy lost against the last exit, in points (hundredths). */
  public double dropPoints() {
    return (lastExitAccuracy - accuracy) * 100;
  }

  /** Part of the cloud-only cost that is saved. */
  public double costReduction() {
    return 1 - cost / cloudOnlyCost;
  }

  /** Replays the cascade on recorded exit outputs. The bytes part of the prices is left out. */
  static CascadeOutcome of(
      ExitOutputs outputs, List<Exit> exits, TierDepths tiers, CostModel costs) {
    Map<Tier, Integer> answered = new EnumMap<>(Tier.class);
    int right = 0;
    double cost = 0;
    for (int row = 0; row < outputs.rows(); row++) {
      int from = 0;
      Tier before = Tier.MOBILE;
      for (Tier tier : Tier.values()) {
        int depth = tiers.of(tier);
        cost += costs.offload(before, tier, 0) + costs.compute(tier, depth - from, 1);
        from = depth;
        before = tier;
        Exit exit = exits.get(depth - 1);
        ExitReading reading = outputs.read(exit, row);
        if (tier == Tier.CLOUD || reading.confidence() >= exit.threshold()) {
          answered.merge(tier, 1, Integer::sum);
          right += reading.label() == outputs.labels()[row] ? 1 : 0;
          break;
        }
      }
    }
    double rows = outputs.rows();
    return new CascadeOutcome(
        right / rows,
        outputs.accuracy(tiers.cloud()),
        cost / rows,
        costs.cloudOnly(0),
        Arrays.stream(Tier.values()).map(t -> answered.getOrDefault(t, 0) / rows).toList());
  }
}
