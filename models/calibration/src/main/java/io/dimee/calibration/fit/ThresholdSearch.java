package io.dimee.calibration.fit;

import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.routing.PathCosts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Thresholds by one number: how much accuracy a unit of cost is worth. An exit answers when the
 * accuracy that this risks is worth less than what escalating would cost. So every exit and every
 * class gets the threshold that suits it, and yet only one number is chosen on the data.
 */
final class ThresholdSearch {
  /** Neighbours in risk over which the cost of escalating is averaged. */
  private static final double NEIGHBOURS = 0.1;

  private static final int LEAST_NEIGHBOURS = 30;

  private final int[] rows;
  private final int[] tokens;
  private final TierDepths tiers;

  /** Depth of the first exit. */
  private final int first;

  /** By depth; [layers + 1]. */
  private final double[] temperatures;

  /** Factors of what words alone say, by depth; [layers + 1]. */
  private final double[] wordsWeights;

  /** By depth, but for the last; [layers]. */
  private final Ranking[] rankings;

  /**
   * The fitted rows as one exit sees them.
   *
   * @param safestFirst indices into the fitted rows, by rising risk of answering
   * @param risks in that order
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Ranking(AnswerRisk risk, int[] safestFirst, double[] risks) {
    static Ranking of(AnswerRisk risk, double[] risks) {
      int[] order =
          IntStream.range(0, risks.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> risks[i]))
              .mapToInt(Integer::intValue)
              .toArray();
      return new Ranking(risk, order, Arrays.stream(order).mapToDouble(i -> risks[i]).toArray());
    }
  }

  /** Fits temperatures and risks of all exits on the given rows. */
  ThresholdSearch(ExitOutputs outputs, int[] rows, TierDepths tiers) {
    this.rows = rows;
    this.tokens = Arrays.stream(rows).map(row -> outputs.tokens()[row]).toArray();
    this.tiers = tiers;
    int layers = tiers.cloud();
    this.first = outputs.first();
    this.temperatures = new double[layers + 1];
    this.wordsWeights =
        IntStream.rangeClosed(0, layers).mapToDouble(outputs::wordsWeight).toArray();
    this.rankings = new Ranking[layers];
    // temperatures are about the classes; a row of none has no likelihood
    int[] ofClasses = Arrays.stream(rows).filter(row -> outputs.labels()[row] >= 0).toArray();
    int[] labels = Arrays.stream(ofClasses).map(row -> outputs.labels()[row]).toArray();
    for (int depth = first; depth <= layers; depth++) {
      float[][] all = outputs.scores(depth);
      float[][] logits = Arrays.stream(ofClasses).mapToObj(row -> all[row]).toArray(float[][]::new);
      temperatures[depth] = TemperatureScaling.fit(logits, labels);
      if (depth < layers) {
        rankings[depth] = rank(outputs, depth);
      }
    }
  }

  private ThresholdSearch(ThresholdSearch other, int first) {
    this.rows = other.rows;
    this.tokens = other.tokens;
    this.tiers = other.tiers;
    this.first = first;
    this.temperatures = other.temperatures;
    this.wordsWeights = other.wordsWeights;
    this.rankings = other.rankings;
  }

  /** The same over the encoder's exits alone; nothing is fitted anew. */
  ThresholdSearch withoutWords() {
    return new ThresholdSearch(this, 1);
  }

  private Ranking rank(ExitOutputs outputs, int depth) {
    double temperature = temperatures[depth];
    AnswerRisk risk = AnswerRisk.fit(outputs, rows, depth, temperature);
    int[] answers = outputs.answers(depth);
    return Ranking.of(
        risk,
        Arrays.stream(rows)
            .mapToDouble(row -> risk.at(outputs.logOdds(depth, row, temperature), answers[row]))
            .toArray());
  }

  private Exit exit(int depth, List<Double> thresholds) {
    return new Exit(depth, temperatures[depth], thresholds, wordsWeights[depth]);
  }

  /** The exits at which tiers end, none but the last of which answers. */
  List<Exit> lastOnly() {
    return tiers.all().stream().map(d -> exit(d, List.of(d == tiers.cloud() ? 0.0 : 1.0))).toList();
  }

  /** The same behind the exit that reads words alone, which answers everything. */
  List<Exit> wordsOnly() {
    List<Exit> exits = new ArrayList<>(lastOnly());
    exits.add(0, new Exit(Exit.WORDS, temperatures[Exit.WORDS], 0));
    return List.copyOf(exits);
  }

  /** Sets the prices. */
  Priced at(PathCosts costs) {
    return new Priced(costs);
  }

  /** The search at given prices. */
  final class Priced {
    /** Cost of answering each fitted row, by depth; [layers + 1][rows]. */
    private final double[][] costs;

    /** Running sums of the same, but for the last depth; see {@link #sums}. */
    private final double[][] sums;

    /** Price of asking the exit that reads words alone, which every row pays where it is asked. */
    private final double wordsPrice;

    /** Whether an exit is worth asking is what is searched, so all are asked. */
    private Priced(PathCosts costs) {
      Walker walker =
          new Walker(costs.asking(IntStream.rangeClosed(first, tiers.cloud()).boxed().toList()));
      this.wordsPrice = walker.paths().words();
      this.costs = new double[tiers.cloud() + 1][rows.length];
      for (int depth = first; depth <= tiers.cloud(); depth++) {
        for (int i = 0; i < rows.length; i++) {
          this.costs[depth][i] = walker.cascade(depth, tokens[i]).cost();
        }
      }
      this.sums = new double[rankings.length][];
      for (int depth = first; depth < rankings.length; depth++) {
        sums[depth] = sums(rankings[depth], this.costs[depth]);
      }
    }

    /**
     * Exits that are worth asking, with their thresholds, shallowest first. Those at which tiers
     * end are always among them; the one that reads words alone is where what its answers save is
     * more than what asking it for every row costs.
     *
     * @param worth accuracy, as a fraction, that one price unit is worth
     */
    List<Exit> exits(double worth) {
      int last = tiers.cloud();
      double[] costOf = costs[last].clone();
      List<Exit> exits = new ArrayList<>();
      exits.add(exit(last, List.of(0.0)));
      for (int depth = last - 1; depth >= first; depth--) {
        Ranking ranking = rankings[depth];
        double[] own = costs[depth];
        double most = mostRisk(ranking, costOf, sums[depth], worth);
        double saved = 0;
        for (int i = 0; i < rows.length && ranking.risks()[i] <= most; i++) {
          int row = ranking.safestFirst()[i];
          saved += costOf[row] - own[row];
          costOf[row] = own[row];
        }
        if (depth == Exit.WORDS && saved <= rows.length * wordsPrice) {
          continue;
        }
        if (most == Double.POSITIVE_INFINITY) {
          // nothing gets past it: deeper exits are asked only where a tier must end
          exits.removeIf(exit -> !tiers.all().contains(exit.depth()));
        }
        if (most > 0 || tiers.all().contains(depth)) {
          exits.add(exit(depth, ranking.risk().thresholds(most)));
        }
      }
      Collections.reverse(exits);
      return List.copyOf(exits);
    }
  }

  /**
   * Most risk up to which answering is the better choice, 0 where it never is; the deeper exits'
   * thresholds are already in {@code costOf}.
   *
   * @param stopping running sums of the costs of answering here
   */
  private double mostRisk(Ranking ranking, double[] costOf, double[] stopping, double worth) {
    int reach = Math.max(LEAST_NEIGHBOURS, (int) (NEIGHBOURS * rows.length)) / 2;
    double[] goingOn = sums(ranking, costOf);
    double before = 0;
    for (int i = 0; i < rows.length; i++) {
      int from = Math.max(0, i - reach);
      int to = Math.min(rows.length, i + reach + 1);
      double saved =
          (goingOn[to] - goingOn[from]) / (to - from)
              - (stopping[to] - stopping[from]) / (to - from);
      double at = ranking.risks()[i];
      if (at > worth * saved) {
        return i == 0 ? 0 : (before + at) / 2;
      }
      before = at;
    }
    return Double.POSITIVE_INFINITY;
  }

  /** Running sums of the fitted rows' costs, safest first; [rows + 1]. */
  private static double[] sums(Ranking ranking, double[] costs) {
    double[] sums = new double[costs.length + 1];
    for (int i = 0; i < costs.length; i++) {
      sums[i + 1] = sums[i] + costs[ranking.safestFirst()[i]];
    }
    return sums;
  }
}
