package io.dimee.inference.bundle;

import java.util.List;

/**
 * The deepest layer that each tier runs: m, n and L of the paper. There is an exit at each; a tier
 * may have others before its last layer.
 *
 * @param mobile m, encoder layers of the mobile tier
 * @param edge n, encoder layers up to the end of the edge tier
 * @param cloud L, all encoder layers
 */
public record TierDepths(int mobile, int edge, int cloud) {
  /** The paper's cut of a twelve-layer encoder. */
  public static final TierDepths PAPER = new TierDepths(3, 6, 12);

  /** Checks the order. */
  public TierDepths {
    if (mobile < 1 || edge <= mobile || cloud <= edge) {
      throw new InvalidBundleException(
          "tiers: mobile=%d, edge=%d, cloud=%d must rise and begin at 1 or more"
              .formatted(mobile, edge, cloud));
    }
  }

  /** Depth at which a tier ends. */
  public int of(Tier tier) {
    return switch (tier) {
      case MOBILE -> mobile;
      case EDGE -> edge;
      case CLOUD -> cloud;
    };
  }

  /** Tier that runs the last layer before a depth, and asks the exit there. */
  public Tier tierAt(int depth) {
    if (depth <= mobile) {
      return Tier.MOBILE;
    }
    return depth <= edge ? Tier.EDGE : Tier.CLOUD;
  }

  /** The three depths, shallowest first. */
  public List<Integer> all() {
    return List.of(mobile, edge, cloud);
  }
}
