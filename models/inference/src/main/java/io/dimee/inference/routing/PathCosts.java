package io.dimee.inference.routing;

import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import java.util.List;

/**
 * Cost of each step of an event's way through the tiers.
 *
 * @param tiers where tiers end
 * @param exits depths of the exits that are asked, rising
 * @param costs prices
 * @param stateBytesPerToken payload bytes of a hidden state, a token
 */
public record PathCosts(
    TierDepths tiers, List<Integer> exits, CostModel costs, double stateBytesPerToken) {
  /** A vocabulary of 30,522 tokens fits 16 bits. */
  public static final int BYTES_PER_TOKEN_ID = 2;

  /**
   * Running layers on a tier.
   *
   * @param from layers that are applied already
   * @param to layers that are applied then
   * @param askedFrom exits at this depth and before are not asked
   */
  public double compute(Tier tier, int from, int to, int askedFrom) {
    int asked = (int) exits.stream().filter(depth -> depth > askedFrom && depth <= to).count();
    return costs.compute(tier, to - from, asked);
  }

  /** Bringing an event's token ids from one tier to another. */
  public double sendIds(Tier from, Tier to, int tokens) {
    return costs.offload(from, to, (long) tokens * BYTES_PER_TOKEN_ID);
  }

  /** Bringing the token ids and the hidden state from one tier to another. */
  public double sendState(Tier from, Tier to, int tokens) {
    return costs.offload(from, to, Math.round(tokens * (BYTES_PER_TOKEN_ID + stateBytesPerToken)));
  }

  /** An event that the cloud alone answers. */
  public double cloudOnly(int tokens) {
    return costs.cloudOnly((long) tokens * BYTES_PER_TOKEN_ID);
  }
}
