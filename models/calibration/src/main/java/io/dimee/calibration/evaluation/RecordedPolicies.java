package io.dimee.calibration.evaluation;

import io.dimee.calibration.fit.CascadeOutcome;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.Walk;
import io.dimee.calibration.fit.Walker;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.Pools;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.bundle.TierPredictor;
import io.dimee.inference.routing.PathCosts;
import io.dimee.inference.routing.RoutePlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What every policy does on recorded exit outputs: ours, the paper's, and those of other papers,
 * all on the same exits, so that only the policies differ.
 */
public final class RecordedPolicies {
  private final ExitOutputs outputs;
  private final TierDepths tiers;
  private final PathCosts costs;

  /**
   * Creates them.
   *
   * @param costs of steps; each policy asks its own exits
   */
  public RecordedPolicies(ExitOutputs outputs, PathCosts costs) {
    this.outputs = outputs;
    this.tiers = costs.tiers();
    this.costs = costs;
  }

  private List<Integer> allDepths() {
    return IntStream.rangeClosed(1, tiers.cloud()).boxed().toList();
  }

  private static List<Integer> depths(List<Exit> exits) {
    return exits.stream().map(Exit::depth).toList();
  }

  private PolicyOutcome outcome(IntFunction<Walk> walk) {
    List<Walk> walks = new ArrayList<>(outputs.rows());
    for (int row = 0; row < outputs.rows(); row++) {
      walks.add(walk.apply(row));
    }
    return PolicyOutcome.of(outputs, walks, costs::cloudOnly);
  }

  /** One tier answers everything, with its last exit. */
  public PolicyOutcome only(Tier tier) {
    int depth = tiers.of(tier);
    Walker walker = new Walker(costs.asking(List.of(depth)));
    return outcome(row -> walker.walk(tier, 0, depth, outputs.tokens()[row], Walker::nextTier));
  }

  /** Everything begins on the mobile tier; the first confident exit answers. */
  public PolicyOutcome cascade(List<Exit> exits) {
    return fromMobile(depths(exits), row -> answering(exits, row));
  }

  private int answering(List<Exit> exits, int row) {
    return exits.get(CascadeOutcome.answeringExit(outputs, row, exits)).depth();
  }

  private PolicyOutcome fromMobile(List<Integer> asked, IntUnaryOperator depth) {
    Walker walker = new Walker(costs.asking(asked));
    return outcome(row -> walker.cascade(depth.applyAsInt(row), outputs.tokens()[row]));
  }

  /** The cascade's exits; an event begins in the tier of its nearest pool. */
  public PolicyOutcome pools(List<Exit> exits, Pools pools) {
    return started(exits, row -> pools.nearest(outputs.embeddings()[row]).tier());
  }

  /** The cascade's exits; an event begins in a tier that is drawn with these shares. */
  public PolicyOutcome random(List<Exit> exits, List<Double> shares, long seed) {
    Random random = new Random(seed);
    double[] draws = random.doubles(outputs.rows()).toArray();
    return started(
        exits,
        row ->
            draws[row] < shares.get(0)
                ? Tier.MOBILE
                : draws[row] < shares.get(0) + shares.get(1) ? Tier.EDGE : Tier.CLOUD);
  }

  private PolicyOutcome started(List<Exit> exits, IntFunction<Tier> start) {
    Walker walker = new Walker(costs.asking(depths(exits)));
    return outcome(
        row ->
            walker.walk(
                start.apply(row),
                0,
                answering(exits, row),
                outputs.tokens()[row],
                Walker::nextTier));
  }

  /**
   * DIMEE as published (arXiv 2410.05338, Algorithm 2): exits only where tiers end, one threshold
   * for all, an event begins in the tier of its nearest pool and is not asked before that tier's
   * exit.
   *
   * @param exits with the temperatures to use
   */
  public PolicyOutcome dimee(List<Exit> exits, double threshold, Pools pools) {
    List<Exit> ends = tierEnds(exits, threshold);
    Walker walker = new Walker(costs.asking(tiers.all()));
    return outcome(
        row -> {
          Tier start = pools.nearest(outputs.embeddings()[row]).tier();
          List<Exit> asked = ends.stream().filter(exit -> exit.depth() >= tiers.of(start)).toList();
          return walker.walk(
              start,
              tiers.of(start) - 1,
              answering(asked, row),
              outputs.tokens()[row],
              Walker::nextTier);
        });
  }

  /** Exits where tiers end, one threshold for all, everything begins on the mobile tier. */
  public PolicyOutcome confidence(List<Exit> exits, double threshold) {
    return cascade(tierEnds(exits, threshold));
  }

  private List<Exit> tierEnds(List<Exit> exits, double threshold) {
    return exits.stream()
        .filter(exit -> tiers.all().contains(exit.depth()))
        .map(
            exit ->
                new Exit(
                    exit.depth(),
                    exit.temperature(),
                    exit.depth() == tiers.cloud() ? 0 : threshold))
        .toList();
  }

  /**
   * DeeBERT (arXiv 2004.12993): an exit after every layer; the first whose entropy is low enough
   * answers.
   *
   * @param most entropy, in nats
   */
  public PolicyOutcome entropy(double most) {
    return fromMobile(
        allDepths(),
        row -> {
          for (int depth = 1; depth < tiers.cloud(); depth++) {
            if (entropy(reading(depth, row).probabilities()) < most) {
              return depth;
            }
          }
          return tiers.cloud();
        });
  }

  private ExitReading reading(int depth, int row) {
    return ExitReading.of(depth, outputs.logits()[depth - 1][row], 1);
  }

  private static double entropy(float[] probabilities) {
    double sum = 0;
    for (float p : probabilities) {
      sum -= p > 0 ? p * Math.log(p) : 0;
    }
    return sum;
  }

  /**
   * PABEE (arXiv 2006.04152): an exit after every layer; answers once so many exits in a row have
   * said the same as the one before.
   */
  public PolicyOutcome patience(int inARow) {
    return fromMobile(
        allDepths(),
        row -> {
          int same = 0;
          int before = -1;
          for (int depth = 1; depth < tiers.cloud(); depth++) {
            int label = reading(depth, row).label();
            same = label == before ? same + 1 : 0;
            before = label;
            if (same == inARow) {
              return depth;
            }
          }
          return tiers.cloud();
        });
  }

  /** The router that predicts; the cascade's exits. */
  public PolicyOutcome adaptive(List<Exit> exits, TierPredictor predictor) {
    PathCosts paths = costs.asking(depths(exits));
    Walker walker = new Walker(paths);
    RoutePlanner planner = new RoutePlanner(predictor, paths);
    return outcome(
        row -> {
          int tokens = outputs.tokens()[row];
          return walker.walk(
              planner.start(outputs.embeddings()[row], tokens),
              0,
              answering(exits, row),
              tokens,
              from -> planner.next(from, logOdds(exits, from, row), tokens));
        });
  }

  private double logOdds(List<Exit> exits, Tier tier, int row) {
    Exit exit = exits.stream().filter(e -> e.depth() == tiers.of(tier)).findFirst().orElseThrow();
    return outputs.logOdds(exit.depth(), row, exit.temperature());
  }

  /**
   * Routes as cheaply as the exits allow, knowing beforehand which will answer: the bound of every
   * router.
   */
  public PolicyOutcome perfectRouting(List<Exit> exits) {
    PathCosts paths = costs.asking(depths(exits));
    Walker walker = new Walker(paths);
    return outcome(
        row -> {
          Walk best = null;
          for (Tier start : Tier.values()) {
            for (Tier second : Tier.values()) {
              for (boolean resume : new boolean[] {true, false}) {
                Walk walk =
                    walker.walk(
                        start,
                        0,
                        answering(exits, row),
                        outputs.tokens()[row],
                        from ->
                            new RoutePlanner.Step(
                                from == Tier.MOBILE && second == Tier.EDGE ? second : Tier.CLOUD,
                                resume));
                best = best == null || walk.cost() < best.cost() ? walk : best;
              }
            }
          }
          return best;
        });
  }

  /** The earliest exit that is right answers, else the last: the bound of every exit rule. */
  public PolicyOutcome oracle() {
    return fromMobile(
        allDepths(),
        row -> {
          for (int depth = 1; depth < tiers.cloud(); depth++) {
            if (reading(depth, row).label() == outputs.labels()[row]) {
              return depth;
            }
          }
          return tiers.cloud();
        });
  }
}
