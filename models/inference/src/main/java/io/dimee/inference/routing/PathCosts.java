package io.dimee.inference.routing;

import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cost of each step of an event's way through the tiers: what calibration, evaluation and the
 * router reckon with.
 *
 * @param tiers where tiers end
 * @param exits depths of the exits that are asked, rising; 0 where words alone may answer
 * @param costs prices
 * @param stateBytesPerToken payload bytes of a hidden state, a token
 */
public record PathCosts(
    TierDepths tiers, List<Integer> exits, CostModel costs, double stateBytesPerToken) {
  /** A vocabulary of 30,522 tokens fits 16 bits. */
  public static final int BYTES_PER_TOKEN_ID = 2;

  /**
   * Costs where every depth has an exit that is asked.
   *
   * @param stateBytesPerToken payload bytes of a hidden state, a token
   */
  public static PathCosts of(TierDepths tiers, Prices prices, double stateBytesPerToken) {
    return new PathCosts(
        tiers,
        IntStream.rangeClosed(1, tiers.cloud()).boxed().toList(),
        new CostModel(prices, tiers.cloud()),
        stateBytesPerToken);
  }

  /** The same where other exits are asked; depths, rising. */
  public PathCosts asking(List<Integer> others) {
    return new PathCosts(tiers, others, costs, stateBytesPerToken);
  }

  /**
   * Running layers on a tier.
   *
   * @param from layers that are applied already
   * @param to layers that are applied then
   * @param askedFrom exits at this depth and before are not asked; 0 or more, since no layer is run
   *     for the exit that reads words alone
   */
  public double compute(Tier tier, int from, int to, int askedFrom) {
    int asked = 0;
    // no stream: a fit asks some hundred thousand times
    for (int depth : exits) {
      asked += depth > askedFrom && depth <= to ? 1 : 0;
    }
    return costs.compute(tier, to - from, asked);
  }

  /** Asking the exit that reads words alone, where it is asked. */
  public double words() {
    return exits.contains(Exit.WORDS) ? costs.words() : 0;
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
