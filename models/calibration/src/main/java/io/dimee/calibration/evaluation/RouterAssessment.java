package io.dimee.calibration.evaluation;

import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.inference.bundle.Pool;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierPredictor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** Compares the tier that routers predict with the tier whose exits answer. */
final class RouterAssessment {
  private static final List<Tier> TIERS = List.of(Tier.values());
  private static final List<Pool> POOLS = List.of(Pool.values());

  private RouterAssessment() {}

  static TaskEvaluation.RouterQuality of(
      ExitOutputs dev, Calibration calibration, IntFunction<Tier> tierOf) {
    int[][] pools = new int[3][3];
    int[][] predictor = new int[3][3];
    for (int row = 0; row < dev.rows(); row++) {
      int actual = TIERS.indexOf(tierOf.apply(row));
      float[] embedding = dev.embeddings()[row];
      pools[POOLS.indexOf(calibration.pools().nearest(embedding))][actual]++;
      TierPredictor.Chances c = calibration.predictor().before(embedding, dev.tokens()[row]);
      int likeliest =
          c.mobile() >= c.edge() && c.mobile() >= c.cloud() ? 0 : c.edge() >= c.cloud() ? 1 : 2;
      predictor[likeliest][actual]++;
    }
    return new TaskEvaluation.RouterQuality(
        lists(pools), lists(predictor), balanced(pools), balanced(predictor));
  }

  private static List<List<Integer>> lists(int[][] counts) {
    return Arrays.stream(counts).map(row -> Arrays.stream(row).boxed().toList()).toList();
  }

  private static double balanced(int[][] counts) {
    double sum = 0;
    int classes = 0;
    for (int actual = 0; actual < counts.length; actual++) {
      int all = 0;
      for (int[] row : counts) {
        all += row[actual];
      }
      if (all > 0) {
        sum += (double) counts[actual][actual] / all;
        classes++;
      }
    }
    return sum / classes;
  }
}
