package io.dimee.training;

import io.dimee.inference.CostModel;
import io.dimee.inference.Exit;
import io.dimee.inference.Pool;
import io.dimee.inference.Pools;
import io.dimee.inference.Tier;
import io.dimee.inference.TierDepths;
import io.dimee.inference.TierPredictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Exits, temperatures, thresholds and pools, fitted on held-out rows.
 *
 * @param exits those that are worth asking, shallowest first
 * @param pools centroids of the complexity pools
 * @param predictor the adaptive router's
 * @param predicted what to expect on new rows: each held-out row was answered by thresholds that
 *     were fitted without it
 * @param dropBound drop in points that new rows exceed with no more than the allowed probability
 */
public record Calibration(
    List<Exit> exits,
    Pools pools,
    TierPredictor predictor,
    CascadeOutcome predicted,
    double dropBound) {
  private static final int FOLDS = 5;

  /** Worth of the whole cloud-only cost, as a fraction of accuracy: first value and growth. */
  private static final double FIRST_WORTH = 0.002;

  private static final double GROWTH = 1.15;
  private static final int STEPS = 45;

  /**
   * What calibration may cost.
   *
   * @param maxDrop accuracy that may be lost against the last exit, in points
   * @param confidence with which new rows must not lose more, in (0.5, 1)
   */
  public record Target(double maxDrop, double confidence) {
    /** The paper's promise, held nine times out of ten. */
    public static final Target DEFAULT = new Target(0.3, 0.9);

    /** Checks the numbers. */
    public Target {
      if (!(maxDrop >= 0 && maxDrop <= 100)) {
        throw new DataException("max-drop=%s must lie in [0, 100]".formatted(maxDrop));
      }
      if (!(confidence > 0.5 && confidence < 1)) {
        throw new DataException("confidence=%s must lie between 0.5 and 1".formatted(confidence));
      }
    }
  }

  /**
   * Fits on held-out rows.
   *
   * <p>The worth of a unit of cost rises in fixed steps, and with it the number of early answers.
   * It stops before the first step whose drop cannot be shown to stay within the target:
   * fixed-sequence testing, which keeps the stated confidence although many steps are tried
   * (Angelopoulos et al., Learn then Test, arXiv 2110.01052). A lucky step behind an unlucky one is
   * never taken.
   */
  public static Calibration fit(
      ExitOutputs heldOut, TierDepths tiers, CostModel prices, Target target) {
    CascadeCosts costs = new CascadeCosts(tiers, prices);
    List<Fold> folds = new ArrayList<>();
    for (int fold = 0; fold < FOLDS; fold++) {
      folds.add(Fold.of(heldOut, fold, tiers, costs));
    }
    ThresholdSearch whole = new ThresholdSearch(heldOut, heldOut.allRows(), tiers, costs);
    List<Exit> exits = whole.lastOnly();
    List<CascadeOutcome> outcomes = outcomes(heldOut, folds, ThresholdSearch::lastOnly, costs);
    for (int step = 0; step < STEPS; step++) {
      double worth = FIRST_WORTH * Math.pow(GROWTH, step) / costs.cloudOnly();
      List<CascadeOutcome> tried = outcomes(heldOut, folds, search -> search.exits(worth), costs);
      if (drop(tried).upperBound(target.confidence()) > target.maxDrop()) {
        break;
      }
      exits = whole.exits(worth);
      outcomes = tried;
    }
    return new Calibration(
        exits,
        pools(heldOut, exits, costs),
        PredictorFit.fit(heldOut, exits, tiers),
        CascadeOutcome.together(outcomes),
        drop(outcomes).upperBound(target.confidence()));
  }

  private static List<CascadeOutcome> outcomes(
      ExitOutputs heldOut,
      List<Fold> folds,
      Function<ThresholdSearch, List<Exit>> exits,
      CascadeCosts costs) {
    return folds.stream()
        .map(fold -> CascadeOutcome.of(heldOut, fold.tested, exits.apply(fold.search), costs))
        .toList();
  }

  private static PairedDrop drop(List<CascadeOutcome> outcomes) {
    return outcomes.stream().map(CascadeOutcome::drop).reduce(PairedDrop::plus).orElseThrow();
  }

  /** Thresholds fitted without some rows, and those rows. */
  @SuppressWarnings("ArrayRecordComponent") // carries indices; never compared
  private record Fold(ThresholdSearch search, int[] tested) {
    static Fold of(ExitOutputs heldOut, int fold, TierDepths tiers, CascadeCosts costs) {
      int[] all = heldOut.allRows();
      int[] fitted = Arrays.stream(all).filter(row -> row % FOLDS != fold).toArray();
      int[] tested = Arrays.stream(all).filter(row -> row % FOLDS == fold).toArray();
      if (fitted.length == 0 || tested.length == 0) {
        throw new DataException(
            "%d held-out rows are too few to calibrate on".formatted(all.length));
      }
      return new Fold(new ThresholdSearch(heldOut, fitted, tiers, costs), tested);
    }
  }

  /**
   * DIMEE's Algorithm 1: a row is easy when the mobile tier answers it, medium when the edge does,
   * else hard; a pool's centroid is the mean of its rows' embeddings.
   */
  private static Pools pools(ExitOutputs heldOut, List<Exit> exits, CascadeCosts costs) {
    int hidden = heldOut.embeddings()[0].length;
    Map<Pool, double[]> sums = new EnumMap<>(Pool.class);
    Map<Pool, Integer> counts = new EnumMap<>(Pool.class);
    for (int row = 0; row < heldOut.rows(); row++) {
      int depth = exits.get(CascadeOutcome.answeringExit(heldOut, row, exits)).depth();
      Pool pool = poolOf(costs.tierOf(depth));
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

  private static Pool poolOf(Tier tier) {
    return switch (tier) {
      case MOBILE -> Pool.EASY;
      case EDGE -> Pool.MEDIUM;
      case CLOUD -> Pool.HARD;
    };
  }
}
