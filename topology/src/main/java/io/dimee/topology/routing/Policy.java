package io.dimee.topology.routing;

import io.dimee.inference.bundle.Pool;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/** Where an event starts, and which exits may answer it. */
public enum Policy {
  /**
   * The paper's: an easy event starts on the mobile tier, a medium one on the edge, a hard one in
   * the cloud.
   */
  DIMEE(null),
  /** Everything starts on the mobile tier; the first confident exit answers. */
  CASCADE(null),
  /**
   * The cascade's exits; where an event starts, and where it goes when a tier does not answer, is
   * what the router's predictor expects to cost least at the prices in force.
   */
  ADAPTIVE(null),
  /** The mobile tier answers everything. */
  MOBILE_ONLY(Tier.MOBILE),
  /** The edge tier answers everything. */
  EDGE_ONLY(Tier.EDGE),
  /** The cloud tier answers everything. */
  CLOUD_ONLY(Tier.CLOUD);

  private final Tier only;

  Policy(Tier only) {
    this.only = only;
  }

  /** Name on the command line and in records. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Finds a policy by its name.
   *
   * @throws IllegalArgumentException when there is none; the message lists those that exist
   */
  public static Policy of(String id) {
    return Arrays.stream(values())
        .filter(policy -> policy.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "policy=%s is not known; valid: %s"
                        .formatted(id, Arrays.stream(values()).map(Policy::id).toList())));
  }

  /**
   * Tier at which an event starts.
   *
   * @param pool the router's
   * @param cheapest asked by policy adaptive alone
   */
  public Tier start(Pool pool, Supplier<Tier> cheapest) {
    return switch (this) {
      case MOBILE_ONLY, EDGE_ONLY, CLOUD_ONLY -> only;
      case CASCADE -> Tier.MOBILE;
      case ADAPTIVE -> cheapest.get();
      case DIMEE -> pool.tier();
    };
  }

  /** Shallowest exit that may answer: any, unless one tier answers everything with its last. */
  public int minExitDepth(TierDepths tiers) {
    return only == null ? 1 : tiers.of(only);
  }

  /** Whether words alone may answer: not where one tier answers everything. */
  public boolean asksWords() {
    return only == null;
  }

  /** Exit that answers whatever its confidence. */
  public int maxExitDepth(TierDepths tiers) {
    return tiers.of(only == null ? Tier.CLOUD : only);
  }
}
