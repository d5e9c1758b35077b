package io.dimee.calibration.fit;

import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.routing.PathCosts;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What policy cascade does on a data set: everything starts on the mobile tier, and the first
 * confident exit answers.
 *
 * @param accuracy share of rows answered rightly
 * @param drop against the last exit
 * @param cost mean cost a row, in price units
 * @param cloudOnlyCost mean cost a row when the cloud answers everything
 * @param shares rows answered by each tier, as shares that sum to 1; mobile, edge, cloud
 */
public record CascadeOutcome(
    double accuracy, PairedDrop drop, double cost, double cloudOnlyCost, List<Double> shares) {
  /** Accuracy lost against the last exit, in points (hundredths). */
  public double dropPoints() {
    return drop.points();
  }

  /** Part of the cloud-only cost that is saved. */
  public double costReduction() {
    return 1 - cost / cloudOnlyCost;
  }

  /**
   * Walks the cascade through recorded exit outputs.
   *
   * @param costs of steps, whichever exits they ask
   */
  public static CascadeOutcome of(
      ExitOutputs outputs, int[] rows, List<Exit> exits, PathCosts costs) {
    Walker walker = new Walker(costs.asking(exits.stream().map(Exit::depth).toList()));
    Map<Tier, Integer> answered = new EnumMap<>(Tier.class);
    Exit last = exits.get(exits.size() - 1);
    int right = 0;
    int lost = 0;
    int won = 0;
    double cost = 0;
    double cloudOnlyCost = 0;
    for (int row : rows) {
      Exit exit = exits.get(answeringExit(outputs, row, exits));
      Walk walk = walker.cascade(exit.depth(), outputs.tokens()[row]);
      answered.merge(walk.tier(), 1, Integer::sum);
      cost += walk.cost();
      cloudOnlyCost += costs.cloudOnly(outputs.tokens()[row]);
      boolean isRight = outputs.read(exit, row).label() == outputs.labels()[row];
      boolean lastIsRight = outputs.read(last, row).label() == outputs.labels()[row];
      right += isRight ? 1 : 0;
      lost += lastIsRight && !isRight ? 1 : 0;
      won += isRight && !lastIsRight ? 1 : 0;
    }
    double count = rows.length;
    return new CascadeOutcome(
        right / count,
        new PairedDrop(rows.length, lost, won),
        cost / count,
        cloudOnlyCost / count,
        Arrays.stream(Tier.values()).map(t -> answered.getOrDefault(t, 0) / count).toList());
  }

  /** Outcomes of parts of a data set, as the outcome of the whole. */
  static CascadeOutcome together(List<CascadeOutcome> parts) {
    PairedDrop drop =
        parts.stream().map(CascadeOutcome::drop).reduce(PairedDrop::plus).orElseThrow();
    return new CascadeOutcome(
        mean(parts, drop.rows(), CascadeOutcome::accuracy),
        drop,
        mean(parts, drop.rows(), CascadeOutcome::cost),
        mean(parts, drop.rows(), CascadeOutcome::cloudOnlyCost),
        IntStream.range(0, Tier.values().length)
            .mapToObj(tier -> mean(parts, drop.rows(), part -> part.shares().get(tier)))
            .toList());
  }

  private static double mean(
      List<CascadeOutcome> parts, int rows, ToDoubleFunction<CascadeOutcome> value) {
    return parts.stream().mapToDouble(p -> value.applyAsDouble(p) * p.drop().rows()).sum() / rows;
  }

  /** Index of the first exit that is confident; the last answers in any case. */
  public static int answeringExit(ExitOutputs outputs, int row, List<Exit> exits) {
    for (int i = 0; i < exits.size() - 1; i++) {
      if (exits.get(i).answers(outputs.read(exits.get(i), row))) {
        return i;
      }
    }
    return exits.size() - 1;
  }
}
