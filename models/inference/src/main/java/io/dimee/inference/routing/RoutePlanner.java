package io.dimee.inference.routing;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.bundle.TierPredictor;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses, event by event, where to begin and where to escalate to, by least expected cost under
 * the prices in force. Which exit answers does not depend on where its layers run, so routing
 * changes what an answer costs and never the answer.
 */
public final class RoutePlanner {
  private final TierPredictor predictor;
  private final PathCosts paths;

  /** Creates a planner. */
  public RoutePlanner(TierPredictor predictor, PathCosts paths) {
    this.predictor = predictor;
    this.paths = paths;
  }

  /**
   * Creates the planner of a bundle, whose exits are all asked.
   *
   * @param stateBytesPerToken payload bytes of a hidden state, a token
   */
  public static RoutePlanner of(Bundle bundle, CostModel costs, double stateBytesPerToken) {
    BundleManifest manifest = bundle.manifest();
    return new RoutePlanner(
        bundle.tierPredictor(),
        new PathCosts(
            manifest.tiers(),
            manifest.exits().stream().map(Exit::depth).toList(),
            costs,
            stateBytesPerToken));
  }

  /**
   * The way on from a tier whose exits did not answer.
   *
   * @param resume whether the hidden state travels; else token ids do, and the next tier runs the
   *     layers again
   */
  public record Step(Tier to, boolean resume) {}

  /**
   * Tier at which an event begins; the earlier of equals.
   *
   * @param embedding mean embedding-layer output; [hidden]
   * @param tokens number of tokens
   */
  public Tier start(float[] embedding, int tokens) {
    double[] chances = byDepth(predictor.before(embedding, tokens));
    Tier best = Tier.MOBILE;
    double least = Double.POSITIVE_INFINITY;
    for (Tier tier : Tier.values()) {
      double cost = paths.sendIds(Tier.MOBILE, tier, tokens) + running(tier, 0, 0, chances, tokens);
      if (cost < least) {
        least = cost;
        best = tier;
      }
    }
    return best;
  }

  /**
   * Where an event is escalated to after a tier's last exit was not confident.
   *
   * @param logOdds log(c / (1 - c)) of that exit's confidence c
   */
  public Step next(Tier from, double logOdds, int tokens) {
    TierPredictor.Chances chances =
        from == Tier.MOBILE
            ? predictor.afterMobile(logOdds, tokens)
            : new TierPredictor.Chances(0, 0, 1);
    return best(from, byDepth(chances), tokens).step;
  }

  private record Option(Step step, double cost) {}

  private Option best(Tier from, double[] chances, int tokens) {
    int depth = paths.tiers().of(from);
    List<Option> options = new ArrayList<>();
    for (Tier to : Tier.values()) {
      if (to.compareTo(from) > 0) {
        double onward = running(to, depth, depth, chances, tokens);
        options.add(new Option(new Step(to, true), paths.sendState(from, to, tokens) + onward));
        double again = paths.compute(to, 0, depth, depth);
        options.add(
            new Option(new Step(to, false), paths.sendIds(from, to, tokens) + again + onward));
      }
    }
    Option best = options.get(0);
    for (Option option : options) {
      if (option.cost < best.cost) {
        best = option;
      }
    }
    return best;
  }

  /**
   * Expected cost from an arrival on.
   *
   * @param depth layers that are applied already
   * @param failed exits at this depth and before have not answered
   * @param chances that each depth's exit answers, at their sum when it did not; [layers + 1]
   */
  private double running(Tier tier, int depth, int failed, double[] chances, int tokens) {
    int end = paths.tiers().of(tier);
    double alive = 0;
    for (int d = failed + 1; d < chances.length; d++) {
      alive += chances[d];
    }
    if (alive <= 0) {
      return 0;
    }
    double cost = 0;
    double beyond = alive;
    for (int d = failed + 1; d <= end; d++) {
      cost += chances[d] * paths.compute(tier, depth, d, failed);
      beyond -= chances[d];
    }
    if (tier != Tier.CLOUD && beyond > 0) {
      cost += beyond * paths.compute(tier, depth, end, failed);
      cost += beyond * best(tier, chances, tokens).cost;
    }
    return cost / alive;
  }

  /** Chance of each depth: a tier's chance, divided as its exits divide what they answer. */
  private double[] byDepth(TierPredictor.Chances chances) {
    TierDepths tiers = paths.tiers();
    double[] byDepth = new double[tiers.cloud() + 1];
    spread(byDepth, 0, tiers.mobile(), chances.mobile());
    spread(byDepth, tiers.mobile(), tiers.edge(), chances.edge());
    spread(byDepth, tiers.edge(), tiers.cloud(), chances.cloud());
    return byDepth;
  }

  private void spread(double[] byDepth, int after, int end, double chance) {
    double sum = 0;
    for (int depth = after + 1; depth <= end; depth++) {
      sum += predictor.share(depth);
    }
    for (int depth = after + 1; depth <= end; depth++) {
      byDepth[depth] = sum > 0 ? chance * predictor.share(depth) / sum : depth == end ? chance : 0;
    }
  }
}
