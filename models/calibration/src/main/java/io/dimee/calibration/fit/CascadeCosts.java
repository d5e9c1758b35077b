package io.dimee.calibration.fit;

import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.routing.CostModel;

/** What an answer costs under policy cascade. The bytes part of the prices is left out. */
public record CascadeCosts(TierDepths tiers, CostModel costs) {
  /**
   * Cost of an event that starts on the mobile tier.
   *
   * @param depth of the exit that answers
   * @param asked exits evaluated on the way, that one included
   */
  double of(int depth, int asked) {
    double cost = costs.compute(Tier.MOBILE, Math.min(depth, tiers.mobile()), asked);
    if (depth > tiers.mobile()) {
      cost +=
          costs.offload(Tier.MOBILE, Tier.EDGE, 0)
              + costs.compute(Tier.EDGE, Math.min(depth, tiers.edge()) - tiers.mobile(), 0);
    }
    if (depth > tiers.edge()) {
      cost +=
          costs.offload(Tier.EDGE, Tier.CLOUD, 0)
              + costs.compute(Tier.CLOUD, depth - tiers.edge(), 0);
    }
    return cost;
  }

  /** Cost of an event that the cloud alone answers. */
  double cloudOnly() {
    return costs.cloudOnly(0);
  }
}
