package io.dimee.calibration.evaluation;

import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.inference.bundle.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import smile.manifold.TSNE;
import smile.math.MathEx;

/** Lays the router's features out in the plane (t-SNE, van der Maaten and Hinton 2008). */
final class EmbeddingMap {
  private static final int MOST_POINTS = 500;
  private static final double PERPLEXITY = 30;
  private static final double LEARNING_RATE = 200;
  private static final int ITERATIONS = 500;
  private static final long SEED = 17;

  private EmbeddingMap() {}

  /** The first rows of a data set; none when there are too few to have neighbours. */
  static List<TaskEvaluation.MapPoint> of(ExitOutputs dev, IntFunction<Tier> tierOf) {
    int rows = Math.min(MOST_POINTS, dev.rows());
    if (rows <= 3 * PERPLEXITY) {
      return List.of();
    }
    double[][] points = new double[rows][];
    for (int row = 0; row < rows; row++) {
      float[] embedding = dev.embeddings()[row];
      points[row] = IntStream.range(0, embedding.length).mapToDouble(i -> embedding[i]).toArray();
    }
    MathEx.setSeed(SEED);
    double[][] flat = new TSNE(points, 2, PERPLEXITY, LEARNING_RATE, ITERATIONS).coordinates;
    List<TaskEvaluation.MapPoint> map = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      map.add(new TaskEvaluation.MapPoint(flat[row][0], flat[row][1], tierOf.apply(row).name()));
    }
    return map;
  }
}
