package io.dimee.inference.bundle;

/** Complexity class of an event (DIMEE, arXiv 2410.05338, Algorithm 1). */
public enum Pool {
  EASY(Tier.MOBILE),
  MEDIUM(Tier.EDGE),
  HARD(Tier.CLOUD);

  private final Tier tier;

  Pool(Tier tier) {
    this.tier = tier;
  }

  /** Tier at which the paper's policy starts an event of this pool. */
  public Tier tier() {
    return tier;
  }

  /** The pool whose events the paper's policy starts at a tier. */
  public static Pool of(Tier tier) {
    return switch (tier) {
      case MOBILE -> EASY;
      case EDGE -> MEDIUM;
      case CLOUD -> HARD;
    };
  }
}
