package io.dimee.calibration.fit;

import io.dimee.calibration.data.DataException;
import io.dimee.inference.bundle.CalibrationReference;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Pool;
import io.dimee.inference.bundle.Pools;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.routing.PathCosts;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Fits calibrations for different prices and targets on the same held-out rows. */
public final class Calibrator {
  /** Many, so that a fold's thresholds are nearly those that ship and its luck weighs little. */
  private static final int FOLDS = 20;

  /** Worth of the whole cost of an event, as a fraction of accuracy: first value and growth. */
  private static final double FIRST_WORTH = 0.002;

  private static final double GROWTH = 1.03;
  private static final int STEPS = 210;

  /** Steps between two points of a curve. */
  private static final int CURVE_STRIDE = 5;

  private final ExitOutputs heldOut;
  private final TierDepths tiers;
  private final ThresholdSearch whole;
  private final List<Fold> folds;

  private final AbstainRule rule;

  /** With which the error that the rule is fitted for is bounded. */
  private final double confidence;

  /** Confidence below which the last exit withholds its answer, where it does. */
  private final Optional<Double> below;

  /** Fits what does not depend on prices: temperatures, and the risk of answering at each exit. */
  public Calibrator(ExitOutputs heldOut, TierDepths tiers) {
    this(heldOut, tiers, AbstainRule.NEVER, Double.NaN, Optional.empty());
  }

  /**
   * The same where answers may be withheld: what the last exit withholds is right for a row of no
   * class, and wrong for any other, and early answers may lose no more than the target against
   * that.
   *
   * @param heldOut rows of no class among them have the label -1
   * @param confidence with which an error that the rule is fitted for is bounded
   */
  public static Calibrator withholding(
      ExitOutputs heldOut, TierDepths tiers, AbstainRule rule, double confidence) {
    List<Exit> last = new ThresholdSearch(heldOut, heldOut.allRows(), tiers).lastOnly();
    Optional<Double> below = rule.confidence(heldOut, last, confidence);
    return new Calibrator(
        below.map(least -> heldOut.withholding(last.get(last.size() - 1), least)).orElse(heldOut),
        tiers,
        rule,
        confidence,
        below);
  }

  private Calibrator(
      ExitOutputs heldOut,
      TierDepths tiers,
      AbstainRule rule,
      double confidence,
      Optional<Double> below) {
    this.rule = rule;
    this.confidence = confidence;
    this.below = below;
    this.heldOut = heldOut;
    this.tiers = tiers;
    this.whole = new ThresholdSearch(heldOut, heldOut.allRows(), tiers);
    if (heldOut.rows() < 2) {
      throw new DataException(
          "%d held-out rows are too few to calibrate on; valid: 2 and more"
              .formatted(heldOut.rows()));
    }
    int count = Math.min(FOLDS, heldOut.rows());
    // each by itself, and most of the time that a calibration of many classes takes
    this.folds =
        IntStream.range(0, count)
            .parallel()
            .mapToObj(fold -> Fold.of(heldOut, fold, count, tiers))
            .toList();
  }

  private Calibrator(
      ExitOutputs heldOut,
      TierDepths tiers,
      ThresholdSearch whole,
      List<Fold> folds,
      AbstainRule rule,
      double confidence,
      Optional<Double> below) {
    this.rule = rule;
    this.confidence = confidence;
    this.below = below;
    this.heldOut = heldOut;
    this.tiers = tiers;
    this.whole = whole;
    this.folds = folds;
  }

  /**
   * The same over the encoder's exits alone; temperatures and risks are those fitted here, unless
   * what words alone say is in them.
   */
  public Calibrator withoutWords() {
    if (heldOut.isStacked()) {
      ExitOutputs alone = heldOut.withoutWords();
      return rule.isOn()
          ? withholding(alone, tiers, rule, confidence)
          : new Calibrator(alone, tiers);
    }
    return new Calibrator(
        heldOut.withoutWords(),
        tiers,
        whole.withoutWords(),
        folds.stream().map(fold -> new Fold(fold.search().withoutWords(), fold.tested())).toList(),
        rule,
        confidence,
        below);
  }

  /** Fits, or lets words alone answer everything. */
  public Calibration fit(PathCosts costs, Calibration.Target target, WordsUse words) {
    return words == WordsUse.ONLY ? wordsOnly(costs, target) : fit(costs, target);
  }

  /** Thresholds fitted without some rows, and those rows. */
  @SuppressWarnings("ArrayRecordComponent") // carries indices; never compared
  private record Fold(ThresholdSearch search, int[] tested) {
    static Fold of(ExitOutputs heldOut, int fold, int count, TierDepths tiers) {
      int[] all = heldOut.allRows();
      int[] fitted = Arrays.stream(all).filter(row -> row % count != fold).toArray();
      int[] tested = Arrays.stream(all).filter(row -> row % count == fold).toArray();
      return new Fold(new ThresholdSearch(heldOut, fitted, tiers), tested);
    }
  }

  /**
   * Fits for prices and a target; which exits the costs ask does not matter.
   *
   * <p>The worth of a unit of cost rises in fixed steps, and with it the number of early answers.
   * It stops before the first step whose drop cannot be shown to stay within the target, by the
   * target's metric, or that costs a class too much of its recall: fixed-sequence testing, which
   * keeps the stated confidence although many steps are tried (Angelopoulos et al., Learn then
   * Test, arXiv 2110.01052). A lucky step behind an unlucky one is never taken.
   */
  public Calibration fit(PathCosts costs, Calibration.Target target) {
    ThresholdSearch.Priced priced = whole.at(costs);
    List<ThresholdSearch.Priced> ofFolds =
        folds.stream().map(fold -> fold.search.at(costs)).toList();
    List<Exit> exits = whole.lastOnly();
    List<CascadeOutcome> outcomes = outcomes(fold -> folds.get(fold).search.lastOnly(), costs);
    for (double worth : worths(costs)) {
      List<CascadeOutcome> tried = outcomes(fold -> ofFolds.get(fold).exits(worth), costs);
      if (!target.allows(CascadeOutcome.together(tried).answers())) {
        break;
      }
      exits = priced.exits(worth);
      outcomes = tried;
    }
    return calibration(exits, outcomes, target, below);
  }

  /**
   * Lets words alone answer everything, whatever that loses against the last exit.
   *
   * @param target whose metric and confidence the loss is stated by
   */
  private Calibration wordsOnly(PathCosts costs, Calibration.Target target) {
    List<Exit> exits = whole.wordsOnly();
    return calibration(
        exits,
        outcomes(fold -> folds.get(fold).search.wordsOnly(), costs),
        target,
        rule.confidence(heldOut, exits, target.confidence()));
  }

  /**
   * What follows from the exits.
   *
   * @param outcomes of the folds, by exits that were fitted without their rows
   * @param least confidence of an answer that is not withheld, where some are
   */
  private Calibration calibration(
      List<Exit> exits,
      List<CascadeOutcome> outcomes,
      Calibration.Target target,
      Optional<Double> least) {
    Pools pools = pools(exits);
    CascadeOutcome predicted = CascadeOutcome.together(outcomes);
    return new Calibration(
        exits,
        pools,
        PredictorFit.fit(heldOut, exits, tiers),
        predicted,
        target.bound(predicted.answers()),
        reference(exits, pools),
        least.map(confidence -> Abstention.at(confidence, heldOut, exits, target.confidence())));
  }

  private CalibrationReference reference(List<Exit> exits, Pools pools) {
    int rows = heldOut.rows();
    double[] byPool = new double[Pool.values().length];
    double[] byExit = new double[exits.size()];
    double[] confidences = new double[CalibrationReference.CONFIDENCE_BINS];
    List<Pool> order = List.of(Pool.values());
    for (int row = 0; row < rows; row++) {
      int answering = CascadeOutcome.answeringExit(heldOut, row, exits);
      double confidence = heldOut.read(exits.get(answering), row).confidence();
      byPool[order.indexOf(pools.nearest(heldOut.embeddings()[row]))]++;
      byExit[answering]++;
      confidences[CalibrationReference.confidenceBin(confidence)]++;
    }
    return new CalibrationReference(
        rows, shares(byPool, rows), shares(byExit, rows), shares(confidences, rows));
  }

  private static List<Double> shares(double[] counts, int rows) {
    return Arrays.stream(counts).mapToObj(count -> count / rows).toList();
  }

  /** Thresholds that a fit could choose, from the most careful to the least, evenly spread. */
  public List<List<Exit>> choices(PathCosts costs) {
    ThresholdSearch.Priced priced = whole.at(costs);
    double[] worths = worths(costs);
    return IntStream.iterate(0, step -> step < worths.length, step -> step + CURVE_STRIDE)
        .mapToObj(step -> priced.exits(worths[step]))
        .toList();
  }

  private double[] worths(PathCosts costs) {
    double whole =
        Arrays.stream(heldOut.tokens()).mapToDouble(n -> whole(costs, n)).average().orElseThrow();
    double[] worths = new double[STEPS];
    for (int step = 0; step < STEPS; step++) {
      worths[step] = FIRST_WORTH * Math.pow(GROWTH, step) / whole;
    }
    return worths;
  }

  /**
   * The cloud-only cost, but with the hidden state's bytes: where these are dear, they are most of
   * what early answers save, and the ids alone would make the first step too large.
   */
  private double whole(PathCosts costs, int tokens) {
    int last = tiers.cloud();
    return costs.sendState(Tier.MOBILE, Tier.CLOUD, tokens)
        + costs.asking(List.of(last)).compute(Tier.CLOUD, 0, last, 0);
  }

  private List<CascadeOutcome> outcomes(IntFunction<List<Exit>> exitsOfFold, PathCosts costs) {
    return IntStream.range(0, folds.size())
        .mapToObj(
            fold ->
                CascadeOutcome.of(heldOut, folds.get(fold).tested, exitsOfFold.apply(fold), costs))
        .toList();
  }

  /**
   * DIMEE's Algorithm 1: a row is easy when the mobile tier answers it, medium when the edge does,
   * else hard; a pool's centroid is the mean of its rows' embeddings. Rows that words alone answer
   * are not sent to any tier, and left out.
   */
  private Pools pools(List<Exit> exits) {
    int hidden = heldOut.embeddings()[0].length;
    Map<Pool, double[]> sums = new EnumMap<>(Pool.class);
    Map<Pool, Integer> counts = new EnumMap<>(Pool.class);
    for (int row = 0; row < heldOut.rows(); row++) {
      int depth = exits.get(CascadeOutcome.answeringExit(heldOut, row, exits)).depth();
      if (depth == Exit.WORDS) {
        continue;
      }
      Pool pool = Pool.of(tiers.tierAt(depth));
      double[] sum = sums.computeIfAbsent(pool, p -> new double[hidden]);
      for (int i = 0; i < hidden; i++) {
        sum[i] += heldOut.embeddings()[row][i];
      }
      counts.merge(pool, 1, Integer::sum);
    }
    Map<Pool, float[]> centroids = new EnumMap<>(Pool.class);
    for (Pool pool : Pool.values()) {
      float[] centroid = new float[hidden];
      for (int i = 0; i < hidden; i++) {
        // an empty pool must never be the nearest
        centroid[i] =
            counts.containsKey(pool)
                ? (float) (sums.get(pool)[i] / counts.get(pool))
                : Float.MAX_VALUE / hidden;
      }
      centroids.put(pool, centroid);
    }
    return new Pools(centroids);
  }
}
