package io.dimee.training;

import io.dimee.inference.CostModel;
import io.dimee.inference.Exit;
import io.dimee.inference.Pool;
import io.dimee.inference.Pools;
import io.dimee.inference.TierDepths;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Temperatures, thresholds and pools, fitted on held-out rows.
 *
 * @param exits calibrated exits, one a layer
 * @param pools centroids of the complexity pools
 * @param outcome what the thresholds do on the rows that they were fitted on
 */
public record Calibration(List<Exit> exits, Pools pools, CascadeOutcome outcome) {
  private static final double STEP = 0.005;
  private static final double LEAST = 0.5;

  /**
   * Fits on held-out rows.
   *
   * <p>All exits share one threshold on the calibrated confidence: a threshold an exit would fit
   * the held-out rows better and new rows worse. It is lowered from 1 in fixed steps and stops
   * before the first one that costs more than {@code maxDrop}; a lucky value below an unlucky one
   * is never taken (fixed-sequence testing).
   *
   * @param maxDrop accuracy that may be lost against the last exit, in points
   */
  public static Calibration fit(
      ExitOutputs heldOut, TierDepths tiers, CostModel costs, double maxDrop) {
    List<Double> temperatures = new ArrayList<>();
    for (float[][] logits : heldOut.logits()) {
      temperatures.add(TemperatureScaling.fit(logits, heldOut.labels()));
    }
    List<Exit> chosen = exits(temperatures, 1);
    CascadeOutcome outcome = CascadeOutcome.of(heldOut, chosen, tiers, costs);
    for (int i = 1; 1 - i * STEP >= LEAST; i++) {
      List<Exit> candidate = exits(temperatures, 1 - i * STEP);
      CascadeOutcome next = CascadeOutcome.of(heldOut, candidate, tiers, costs);
      if (next.dropPoints() > maxDrop) {
        break;
      }
      chosen = candidate;
      outcome = next;
    }
    return new Calibration(chosen, pools(heldOut, chosen, tiers), outcome);
  }

  private static List<Exit> exits(List<Double> temperatures, double threshold) {
    List<Exit> exits = new ArrayList<>();
    for (int i = 0; i < temperatures.size(); i++) {
      exits.add(new Exit(i + 1, temperatures.get(i), threshold));
    }
    return exits;
  }

  /**
   * DIMEE's Algorithm 1: a row is easy when the mobile exit is confident, medium when the edge exit
   * is, else hard; a pool's centroid is the mean of its rows' embeddings.
   */
  private static Pools pools(ExitOutputs heldOut, List<Exit> exits, TierDepths tiers) {
    int hidden = heldOut.embeddings()[0].length;
    Map<Pool, double[]> sums = new EnumMap<>(Pool.class);
    Map<Pool, Integer> counts = new EnumMap<>(Pool.class);
    for (int row = 0; row < heldOut.rows(); row++) {
      Pool pool = poolOf(heldOut, exits, tiers, row);
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

  private static Pool poolOf(ExitOutputs heldOut, List<Exit> exits, TierDepths tiers, int row) {
    Exit mobile = exits.get(tiers.mobile() - 1);
    if (heldOut.read(mobile, row).confidence() >= mobile.threshold()) {
      return Pool.EASY;
    }
    Exit edge = exits.get(tiers.edge() - 1);
    return heldOut.read(edge, row).confidence() >= edge.threshold() ? Pool.MEDIUM : Pool.HARD;
  }
}
