package io.dimee.calibration.fit;

import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.bundle.TierPredictor;
import java.util.Arrays;
import java.util.List;

/** Fits the adaptive router to what a bundle's exits did on held-out rows. */
public final class PredictorFit {
  /**
   * Of the squared weights of standardized features: a thousand rows say little about each of 385.
   * By cross-validation on SST-2's held-out rows, 0.03 predicts worse than no feature at all, and
   * values around 1 best.
   */
  private static final double EMBEDDING_PENALTY = 1;

  private static final double PENALTY = 1e-3;

  /** Largest deviation of a feature that does not vary. */
  private static final double CONSTANT = 1e-6;

  private PredictorFit() {}

  /** Fits which tier will answer an event that words alone do not, from its embedding. */
  public static TierPredictor fit(ExitOutputs outputs, List<Exit> exits, TierDepths tiers) {
    int[] depths = new int[outputs.rows()];
    float[] shares = new float[outputs.layers()];
    for (int row = 0; row < depths.length; row++) {
      depths[row] = exits.get(CascadeOutcome.answeringExit(outputs, row, exits)).depth();
      if (depths[row] != Exit.WORDS) {
        shares[depths[row] - 1] += 1f / depths.length;
      }
    }
    int[] all = Arrays.stream(outputs.allRows()).filter(row -> depths[row] != Exit.WORDS).toArray();
    int[] beyondMobile = Arrays.stream(all).filter(row -> depths[row] > tiers.mobile()).toArray();
    Exit mobileEnd =
        exits.stream().filter(e -> e.depth() == tiers.mobile()).findFirst().orElseThrow();
    return new TierPredictor(
        new TierPredictor.Weights(
            beforeAnyLayer(outputs, all, depths, tiers.mobile()),
            beforeAnyLayer(outputs, beyondMobile, depths, tiers.edge()),
            afterMobile(outputs, beyondMobile, depths, tiers.edge(), mobileEnd),
            shares));
  }

  private static float[] beforeAnyLayer(
      ExitOutputs outputs, int[] rows, int[] depths, int deepest) {
    double[][] features = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      float[] embedding = outputs.embeddings()[rows[i]];
      features[i] = new double[embedding.length + 1];
      features[i][0] = Math.log(outputs.tokens()[rows[i]]);
      for (int j = 0; j < embedding.length; j++) {
        features[i][j + 1] = embedding[j];
      }
    }
    int size = outputs.embeddings()[0].length + 1;
    return weights(features, answered(rows, depths, deepest), size, EMBEDDING_PENALTY);
  }

  private static float[] afterMobile(
      ExitOutputs outputs, int[] rows, int[] depths, int deepest, Exit mobileEnd) {
    double[][] features = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      features[i] =
          new double[] {
            Math.log(outputs.tokens()[rows[i]]),
            outputs.logOdds(mobileEnd.depth(), rows[i], mobileEnd.temperature())
          };
    }
    return weights(features, answered(rows, depths, deepest), 2, PENALTY);
  }

  private static boolean[] answered(int[] rows, int[] depths, int deepest) {
    boolean[] answered = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      answered[i] = depths[rows[i]] <= deepest;
    }
    return answered;
  }

  /** Fits on standardized features and returns weights for the features as they are. */
  private static float[] weights(double[][] features, boolean[] answers, int size, double penalty) {
    float[] weights = new float[size + 1];
    if (features.length == 0) {
      // nothing reaches this question, so any answer will do
      return weights;
    }
    double[] mean = new double[size];
    double[] deviation = new double[size];
    for (int j = 0; j < size; j++) {
      for (double[] row : features) {
        mean[j] += row[j] / features.length;
      }
      for (double[] row : features) {
        deviation[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / features.length;
      }
      // a constant's deviation is rounding alone, and dividing by it would make weights of noise
      deviation[j] = Math.sqrt(deviation[j]) > CONSTANT ? Math.sqrt(deviation[j]) : 1;
    }
    double[][] standardized = new double[features.length][size];
    for (int i = 0; i < features.length; i++) {
      for (int j = 0; j < size; j++) {
        standardized[i][j] = (features[i][j] - mean[j]) / deviation[j];
      }
    }
    LogisticRegression fitted = LogisticRegression.fit(standardized, answers, penalty);
    double bias = fitted.bias();
    for (int j = 0; j < size; j++) {
      double weight = fitted.weights().getEntry(j) / deviation[j];
      weights[j + 1] = (float) weight;
      bias -= weight * mean[j];
    }
    weights[0] = (float) bias;
    return weights;
  }
}
