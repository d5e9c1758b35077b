package io.dimee.inference.routing;

import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tier;

/**
 * Cost of an answer: over its hops, layers run times the price of a layer on that tier, exits
 * evaluated times the price of an exit, plus the price of each offload (fixed part and bytes part),
 * plus the price of the exit that reads words alone where it was asked.
 */
public final class CostModel {
  private static final double BYTES_PER_KIBIBYTE = 1024;

  private final Prices prices;
  private final int allLayers;

  /**
   * Creates a cost model.
   *
   * @param allLayers L, the layers that the cloud alone would run
   */
  public CostModel(Prices prices, int allLayers) {
    this.prices = prices;
    this.allLayers = allLayers;
  }

  /** Price of running layers and evaluating exits on a tier. */
  public double compute(Tier tier, int layers, int exits) {
    return layers * prices.layer().on(tier) + exits * prices.exit();
  }

  /** Price of asking the exit that reads words alone. */
  public double words() {
    return prices.words();
  }

  /** Price of carrying a payload between two tiers; 0 when it stays. */
  public double offload(Tier from, Tier to, long payloadBytes) {
    return from == to
        ? 0
        : prices.offload().between(from, to)
            + payloadBytes / BYTES_PER_KIBIBYTE * prices.perKibibyte();
  }

  /**
   * Price of answering in the cloud alone: one offload of the token ids, all layers, the last exit.
   */
  public double cloudOnly(long tokenIdBytes) {
    return offload(Tier.MOBILE, Tier.CLOUD, tokenIdBytes) + compute(Tier.CLOUD, allLayers, 1);
  }
}
