package io.dimee.calibration.fit;

import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.UnknownLabel;
import io.dimee.inference.routing.PathCosts;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What policy cascade does on a data set: everything starts on the mobile tier, and the first
 * confident exit answers.
 *
 * @param accuracy share of rows answered rightly
 * @param answers beside the last exit's
 * @param cost mean cost a row, in price units
 * @param cloudOnlyCost mean cost a row when the cloud answers everything
 * @param shares rows answered by each tier, as shares that sum to 1; mobile, edge, cloud
 */
public record CascadeOutcome(
    double accuracy,
    PairedAnswers answers,
    double cost,
    double cloudOnlyCost,
    List<Double> shares) {
  /** Accuracy against the last exit's. */
  public PairedDrop drop() {
    return answers.drop();
  }

  /** Accuracy lost against the last exit, in points (hundredths). */
  public double dropPoints() {
    return drop().points();
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
    Map<PairedAnswers.Answers, Integer> pairs = new HashMap<>();
    double cost = 0;
    double cloudOnlyCost = 0;
    for (int row : rows) {
      Exit exit = exits.get(answeringExit(outputs, row, exits));
      Walk walk = walker.cascade(exit.depth(), outputs.tokens()[row]);
      answered.merge(walk.tier(), 1, Integer::sum);
      cost += walk.cost();
      cloudOnlyCost += costs.cloudOnly(outputs.tokens()[row]);
      int gold = classOf(outputs.labels()[row], outputs);
      int answer = classOf(outputs.answer(exit, row), outputs);
      int lastAnswer = classOf(outputs.answer(last, row), outputs);
      right += answer == gold ? 1 : 0;
      pairs.merge(new PairedAnswers.Answers(gold, lastAnswer, answer), 1, Integer::sum);
    }
    double count = rows.length;
    return new CascadeOutcome(
        right / count,
        new PairedAnswers(outputs.classes() + (outputs.mayBeUnknown() ? 1 : 0), pairs),
        cost / count,
        cloudOnlyCost / count,
        Arrays.stream(Tier.values()).map(t -> answered.getOrDefault(t, 0) / count).toList());
  }

  /** The unknown is one more class, behind the others. */
  private static int classOf(int label, ExitOutputs outputs) {
    return label == UnknownLabel.INDEX ? outputs.classes() : label;
  }

  /** Outcomes of parts of a data set, as the outcome of the whole. */
  static CascadeOutcome together(List<CascadeOutcome> parts) {
    PairedAnswers answers =
        parts.stream().map(CascadeOutcome::answers).reduce(PairedAnswers::plus).orElseThrow();
    int rows = answers.drop().rows();
    return new CascadeOutcome(
        mean(parts, rows, CascadeOutcome::accuracy),
        answers,
        mean(parts, rows, CascadeOutcome::cost),
        mean(parts, rows, CascadeOutcome::cloudOnlyCost),
        IntStream.range(0, Tier.values().length)
            .mapToObj(tier -> mean(parts, rows, part -> part.shares().get(tier)))
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
