package io.dimee.calibration.evaluation;

import io.dimee.calibration.data.Score;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.Calibrator;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.PairedDrop;
import io.dimee.calibration.fit.PredictorFit;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.bundle.TierPredictor;
import io.dimee.inference.routing.PathCosts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** All policies at one set of prices, their parameters fitted on held-out rows. */
final class PolicyStudy {
  private static final int GRID_STEPS = 40;
  private static final long SEED = 17;

  /**
   * Policies with the thresholds of our calibration, which predicts their drop by cross-fitting.
   */
  private static final Set<String> OURS =
      Set.of("random", "dimee", "cascade", "adaptive", "perfect-routing");

  private final TierDepths tiers;
  private final int classes;
  private final ExitOutputs heldOut;
  private final Calibrator calibrator;
  private final PathCosts costs;
  private final Calibration.Target target;
  private final Calibration calibration;
  private final RecordedPolicies onHeldOut;
  private final RecordedPolicies onDev;

  PolicyStudy(
      BundleManifest manifest,
      ExitOutputs heldOut,
      ExitOutputs dev,
      Calibrator calibrator,
      PathCosts costs,
      Calibration.Target target) {
    this.tiers = manifest.tiers();
    this.classes = manifest.labels().size();
    this.heldOut = heldOut;
    this.calibrator = calibrator;
    this.costs = costs;
    this.target = target;
    this.calibration = calibrator.fit(costs, target);
    this.onHeldOut = new RecordedPolicies(heldOut, costs);
    this.onDev = new RecordedPolicies(dev, costs);
  }

  /**
   * One setting of a policy.
   *
   * @param parameter NaN when it has none
   */
  record Candidate(double parameter, Function<RecordedPolicies, PolicyOutcome> policy) {}

  Calibration calibration() {
    return calibration;
  }

  PolicyOutcome onDev(Candidate setting) {
    return setting.policy.apply(onDev);
  }

  /** The setting of each policy, in the order of the tables. */
  Map<String, Supplier<Candidate>> settings() {
    List<Exit> exits = calibration.exits();
    List<Double> shares = onHeldOut.pools(exits, calibration.pools()).started();
    Map<String, Supplier<Candidate>> settings = new LinkedHashMap<>();
    for (Tier tier : List.of(Tier.CLOUD, Tier.EDGE, Tier.MOBILE)) {
      settings.put(
          tier.name().toLowerCase(Locale.ROOT) + "-only",
          () -> fixed(recorded -> recorded.only(tier)));
    }
    settings.put("entropy", () -> safest(entropies()));
    settings.put("patience", () -> safest(patiences()));
    settings.put("confidence", () -> safest(confidences()));
    settings.put("dimee-paper", () -> safest(paper()));
    settings.put("random", () -> fixed(recorded -> recorded.random(exits, shares, SEED)));
    settings.put("dimee", () -> fixed(recorded -> recorded.pools(exits, calibration.pools())));
    settings.put("cascade", () -> fixed(recorded -> recorded.cascade(exits)));
    settings.put(
        "adaptive", () -> fixed(recorded -> recorded.adaptive(exits, calibration.predictor())));
    settings.put("perfect-routing", () -> fixed(recorded -> recorded.perfectRouting(exits)));
    settings.put("oracle", () -> fixed(RecordedPolicies::oracle));
    return settings;
  }

  private Candidate fixed(Function<RecordedPolicies, PolicyOutcome> policy) {
    return new Candidate(Double.NaN, policy);
  }

  /** Fixed-sequence testing, as for our own thresholds: stops before the first that fails. */
  private Candidate safest(List<Candidate> candidates) {
    Candidate chosen = fixed(recorded -> recorded.only(Tier.CLOUD));
    for (Candidate candidate : candidates) {
      PairedDrop drop = candidate.policy.apply(onHeldOut).drop();
      if (drop.upperBound(target.confidence()) > target.maxDrop()) {
        break;
      }
      chosen = candidate;
    }
    return chosen;
  }

  private List<Candidate> entropies() {
    double most = Math.log(classes);
    return grid(0.01, 0.99, share -> most * share, p -> recorded -> recorded.entropy(p));
  }

  private List<Candidate> patiences() {
    return IntStream.iterate(tiers.cloud() - 2, p -> p >= 1, p -> p - 1)
        .mapToObj(p -> new Candidate(p, recorded -> recorded.patience(p)))
        .toList();
  }

  private List<Candidate> confidences() {
    return thresholds((threshold, recorded) -> recorded.confidence(calibration.exits(), threshold));
  }

  private List<Candidate> paper() {
    return thresholds(
        (threshold, recorded) ->
            recorded.dimee(calibration.exits(), threshold, calibration.pools()));
  }

  private List<Candidate> thresholds(BiFunction<Double, RecordedPolicies, PolicyOutcome> policy) {
    double least = 1.0 / classes;
    return grid(
        0.001, 0.999, share -> 1 - share * (1 - least), p -> recorded -> policy.apply(p, recorded));
  }

  private List<Candidate> grid(
      double first,
      double last,
      Function<Double, Double> parameter,
      Function<Double, Function<RecordedPolicies, PolicyOutcome>> policy) {
    return DoubleStream.iterate(0, i -> i <= GRID_STEPS, i -> i + 1)
        .mapToObj(i -> parameter.apply(first + (last - first) * i / GRID_STEPS))
        .map(value -> new Candidate(value, policy.apply(value)))
        .toList();
  }

  /** Cross-fitted for our own thresholds; other policies have one parameter or none. */
  PairedDrop predicted(String name, Candidate setting) {
    return OURS.contains(name)
        ? calibration.predicted().drop()
        : setting.policy.apply(onHeldOut).drop();
  }

  Map<String, List<TaskEvaluation.CurvePoint>> curves() {
    Map<String, List<TaskEvaluation.CurvePoint>> curves = new LinkedHashMap<>();
    curves.put("entropy", curve(entropies()));
    curves.put("patience", curve(patiences()));
    curves.put("confidence", curve(confidences()));
    curves.put("dimee-paper", curve(paper()));
    List<Candidate> cascade = new ArrayList<>();
    List<Candidate> adaptive = new ArrayList<>();
    for (List<Exit> exits : calibrator.choices(costs)) {
      TierPredictor predictor = PredictorFit.fit(heldOut, exits, tiers);
      cascade.add(fixed(recorded -> recorded.cascade(exits)));
      adaptive.add(fixed(recorded -> recorded.adaptive(exits, predictor)));
    }
    curves.put("cascade", curve(cascade));
    curves.put("adaptive", curve(adaptive));
    return curves;
  }

  private List<TaskEvaluation.CurvePoint> curve(List<Candidate> candidates) {
    return candidates.stream()
        .map(candidate -> candidate.policy.apply(onDev))
        .map(o -> new TaskEvaluation.CurvePoint(o.cost(), o.score(Score.ACCURACY)))
        .toList();
  }
}
