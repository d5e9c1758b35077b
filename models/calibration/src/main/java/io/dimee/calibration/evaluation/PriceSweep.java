package io.dimee.calibration.evaluation;

import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.inference.bundle.Prices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What each policy saves when one price varies and the others stay (DIMEE's Figure 3). Our
 * thresholds and router are refitted for each price, since that takes no training; the paper's
 * threshold is chosen again too.
 *
 * @param price key of the price, as in a prices file
 * @param values of the price
 * @param policies by name, one point a value
 */
public record PriceSweep(String price, List<Double> values, Map<String, List<Point>> policies) {
  private static final List<String> POLICIES =
      List.of("cloud-only", "dimee-paper", "cascade", "adaptive", "perfect-routing");

  /**
   * Means over tasks.
   *
   * @param cost in price units
   * @param costReduction part of the cloud-only cost that is saved
   * @param dropPoints accuracy below the last exit
   */
  public record Point(double cost, double costReduction, double dropPoints) {}

  private record Knob(String price, List<Double> values, BiFunction<Prices, Double, Prices> set) {}

  private static List<Knob> knobs() {
    List<Double> layers = List.of(0.5, 1.0, 2.0, 3.0, 4.0);
    List<Double> hops = List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    return List.of(
        new Knob(
            "layer.mobile",
            layers,
            (p, v) -> layer(p, new Prices.Layer(v, p.layer().edge(), p.layer().cloud()))),
        new Knob(
            "layer.edge",
            layers,
            (p, v) -> layer(p, new Prices.Layer(p.layer().mobile(), v, p.layer().cloud()))),
        new Knob(
            "layer.cloud",
            layers,
            (p, v) -> layer(p, new Prices.Layer(p.layer().mobile(), p.layer().edge(), v))),
        new Knob(
            "offload.mobile_edge",
            hops,
            (p, v) ->
                offload(
                    p,
                    new Prices.Offload(v, p.offload().edgeToCloud(), p.offload().mobileToCloud()))),
        new Knob(
            "offload.edge_cloud",
            hops,
            (p, v) ->
                offload(
                    p,
                    new Prices.Offload(
                        p.offload().mobileToEdge(), v, p.offload().mobileToCloud()))),
        new Knob(
            "offload.mobile_cloud",
            hops,
            (p, v) ->
                offload(
                    p,
                    new Prices.Offload(p.offload().mobileToEdge(), p.offload().edgeToCloud(), v))),
        new Knob(
            "per_kibibyte",
            List.of(0.0, 0.05, 0.1, 0.2, 0.4),
            (p, v) -> new Prices(p.layer(), p.exit(), p.offload(), v, p.words())));
  }

  private static Prices layer(Prices prices, Prices.Layer layer) {
    return new Prices(layer, prices.exit(), prices.offload(), prices.perKibibyte(), prices.words());
  }

  private static Prices offload(Prices prices, Prices.Offload offload) {
    return new Prices(prices.layer(), prices.exit(), offload, prices.perKibibyte(), prices.words());
  }

  /**
   * Varies every price in turn.
   *
   * @param evaluators one a task, and what its thresholds may cost
   */
  public static List<PriceSweep> all(
      Map<TaskEvaluator, Calibration.Target> evaluators, Prices prices, TrainingProgress progress) {
    List<Knob> knobs = knobs();
    progress.start(knobs.stream().mapToInt(k -> k.values().size()).sum(), 0);
    int done = 0;
    List<PriceSweep> sweeps = new ArrayList<>();
    for (Knob knob : knobs) {
      Map<String, List<Point>> policies = new LinkedHashMap<>();
      for (double value : knob.values()) {
        point(evaluators, knob.set().apply(prices, value))
            .forEach((name, p) -> policies.computeIfAbsent(name, n -> new ArrayList<>()).add(p));
        progress.step(++done, Double.NaN);
      }
      sweeps.add(new PriceSweep(knob.price(), knob.values(), policies));
    }
    progress.end();
    return sweeps;
  }

  private static Map<String, Point> point(
      Map<TaskEvaluator, Calibration.Target> evaluators, Prices prices) {
    Map<String, List<PolicyOutcome>> outcomes = new LinkedHashMap<>();
    evaluators.forEach(
        (evaluator, target) ->
            evaluator
                .outcomes(prices, target, POLICIES)
                .forEach((n, o) -> outcomes.computeIfAbsent(n, k -> new ArrayList<>()).add(o)));
    Map<String, Point> points = new LinkedHashMap<>();
    outcomes.forEach(
        (name, all) ->
            points.put(
                name,
                new Point(
                    all.stream().mapToDouble(PolicyOutcome::cost).average().orElseThrow(),
                    all.stream().mapToDouble(PolicyOutcome::costReduction).average().orElseThrow(),
                    all.stream().mapToDouble(o -> o.drop().points()).average().orElseThrow())));
    return points;
  }
}
