package io.dimee.calibration.evaluation;

import io.dimee.calibration.data.Score;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.PairedDrop;
import io.dimee.calibration.fit.Walk;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * What a policy does on a data set.
 *
 * @param answers class that it gives each row
 * @param drop against the last exit
 * @param cost mean cost a row, in price units
 * @param cloudOnlyCost mean cost a row when the cloud answers everything
 * @param layers mean number of layers run a row
 * @param started rows that begin at each tier, as shares; mobile, edge, cloud
 * @param answered rows that each tier answers, as shares; mobile, edge, cloud
 */
@SuppressWarnings("ArrayRecordComponent") // bulk data; never compared
public record PolicyOutcome(
    int[] gold,
    int[] answers,
    PairedDrop drop,
    double cost,
    double cloudOnlyCost,
    double layers,
    List<Double> started,
    List<Double> answered) {
  static PolicyOutcome of(ExitOutputs outputs, List<Walk> walks, IntToDoubleFunction cloudOnly) {
    int rows = outputs.rows();
    int[] gold = outputs.labels();
    int[] answers = new int[rows];
    Map<Tier, Integer> started = new EnumMap<>(Tier.class);
    Map<Tier, Integer> answered = new EnumMap<>(Tier.class);
    int[][] byDepth = new int[outputs.layers() + 1][];
    for (int depth = outputs.words() == null ? 1 : Exit.WORDS; depth <= outputs.layers(); depth++) {
      byDepth[depth] = outputs.answers(depth);
    }
    int[] last = byDepth[outputs.layers()];
    int lost = 0;
    int won = 0;
    double cost = 0;
    double cloudOnlyCost = 0;
    long layers = 0;
    for (int row = 0; row < rows; row++) {
      Walk walk = walks.get(row);
      answers[row] = byDepth[walk.depth()][row];
      lost += last[row] == gold[row] && answers[row] != gold[row] ? 1 : 0;
      won += last[row] != gold[row] && answers[row] == gold[row] ? 1 : 0;
      cost += walk.cost();
      cloudOnlyCost += cloudOnly.applyAsDouble(outputs.tokens()[row]);
      layers += walk.layers();
      started.merge(walk.start(), 1, Integer::sum);
      answered.merge(walk.tier(), 1, Integer::sum);
    }
    return new PolicyOutcome(
        gold,
        answers,
        new PairedDrop(rows, lost, won),
        cost / rows,
        cloudOnlyCost / rows,
        (double) layers / rows,
        shares(started, rows),
        shares(answered, rows));
  }

  private static List<Double> shares(Map<Tier, Integer> counts, int rows) {
    List<Double> shares = new ArrayList<>();
    Arrays.stream(Tier.values())
        .forEach(tier -> shares.add(counts.getOrDefault(tier, 0) / (double) rows));
    return List.copyOf(shares);
  }

  /** How GLUE would score the answers. */
  public double score(Score score) {
    return score.of(gold, answers);
  }

  /** Part of the cloud-only cost that is saved. */
  public double costReduction() {
    return 1 - cost / cloudOnlyCost;
  }
}
