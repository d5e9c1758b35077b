package io.dimee.calibration.fit;

import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.routing.PathCosts;
import io.dimee.inference.routing.RoutePlanner;
import java.util.function.Function;

/** Leads events through the tiers as the pipeline does, without running the model. */
public record Walker(PathCosts paths) {
  /** The way of policies that never skip a tier. */
  public static RoutePlanner.Step nextTier(Tier from) {
    return new RoutePlanner.Step(from == Tier.MOBILE ? Tier.EDGE : Tier.CLOUD, true);
  }

  /**
   * Leads one event under policy cascade: from the mobile tier on, and through every tier.
   *
   * @param depth of the exit that will answer
   * @param tokens number of tokens
   */
  public Walk cascade(int depth, int tokens) {
    return walk(Tier.MOBILE, 0, depth, tokens, Walker::nextTier);
  }

  /**
   * Leads one event.
   *
   * @param start tier at which it begins
   * @param asked exits of the encoder at this depth and before are not asked
   * @param depth of the exit that will answer; 0 is that of words alone, which is asked before an
   *     event begins anywhere
   * @param tokens number of tokens
   * @param next the way on from a tier that does not answer
   */
  public Walk walk(
      Tier start, int asked, int depth, int tokens, Function<Tier, RoutePlanner.Step> next) {
    if (depth == Exit.WORDS) {
      return new Walk(Tier.MOBILE, Tier.MOBILE, Exit.WORDS, 0, paths.words());
    }
    Tier tier = start;
    double cost = paths.words() + paths.sendIds(Tier.MOBILE, start, tokens);
    int from = 0;
    int failed = asked;
    int layers = 0;
    while (depth > paths.tiers().of(tier)) {
      int end = paths.tiers().of(tier);
      cost += paths.compute(tier, from, end, failed);
      layers += end - from;
      failed = Math.max(failed, end);
      RoutePlanner.Step step = next.apply(tier);
      cost +=
          step.resume()
              ? paths.sendState(tier, step.to(), tokens)
              : paths.sendIds(tier, step.to(), tokens);
      from = step.resume() ? end : 0;
      tier = step.to();
    }
    cost += paths.compute(tier, from, depth, failed);
    return new Walk(start, tier, depth, layers + depth - from, cost);
  }
}
