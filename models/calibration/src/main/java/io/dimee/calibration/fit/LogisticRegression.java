package io.dimee.calibration.fit;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealVector;

/**
 * Probability of a yes as a logistic function of features, fitted by Newton's method with a ridge
 * penalty, which keeps the weights finite when the answers can be told apart perfectly or are all
 * the same.
 *
 * @param bias constant term
 * @param weights one a feature
 */
record LogisticRegression(double bias, RealVector weights) {
  private static final int MOST_STEPS = 50;
  private static final int MOST_HALVINGS = 30;
  private static final double PRECISION = 1e-10;
  private static final double BIAS_PENALTY = 1e-3;

  /**
   * Fits to rows.
   *
   * @param features [rows][features]
   * @param answers [rows]
   * @param penalty of the squared weights against the mean log-likelihood; the bias has one too, so
   *     small that it only keeps it finite
   */
  static LogisticRegression fit(double[][] features, boolean[] answers, double penalty) {
    int size = features[0].length + 1;
    RealVector[] rows = new RealVector[features.length];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = new ArrayRealVector(new double[] {1}, features[row]);
    }
    RealVector at = new ArrayRealVector(size);
    double loss = loss(rows, answers, at, penalty);
    for (int step = 0; step < MOST_STEPS; step++) {
      RealVector direction = newtonStep(rows, answers, at, penalty);
      double length = 1;
      RealVector next = at.subtract(direction);
      double nextLoss = loss(rows, answers, next, penalty);
      for (int i = 0; nextLoss > loss && i < MOST_HALVINGS; i++) {
        length /= 2;
        next = at.subtract(direction.mapMultiply(length));
        nextLoss = loss(rows, answers, next, penalty);
      }
      boolean done = loss - nextLoss < PRECISION;
      if (nextLoss <= loss) {
        at = next;
        loss = nextLoss;
      }
      if (done) {
        break;
      }
    }
    return new LogisticRegression(at.getEntry(0), at.getSubVector(1, size - 1));
  }

  private static RealVector newtonStep(
      RealVector[] rows, boolean[] answers, RealVector at, double penalty) {
    int size = at.getDimension();
    RealVector gradient = ridge(at, penalty).mapMultiply(2);
    double[][] hessian = new double[size][size];
    for (int row = 0; row < rows.length; row++) {
      double p = logistic(at.dotProduct(rows[row]));
      gradient = gradient.add(rows[row].mapMultiply((p - (answers[row] ? 1 : 0)) / rows.length));
      double weight = p * (1 - p) / rows.length;
      double[] values = rows[row].toArray();
      for (int i = 0; i < size; i++) {
        double scaled = weight * values[i];
        for (int j = 0; j <= i; j++) {
          hessian[i][j] += scaled * values[j];
        }
      }
    }
    for (int i = 0; i < size; i++) {
      hessian[i][i] += 2 * (i == 0 ? Math.min(penalty, BIAS_PENALTY) : penalty);
      for (int j = 0; j < i; j++) {
        hessian[j][i] = hessian[i][j];
      }
    }
    return new CholeskyDecomposition(new Array2DRowRealMatrix(hessian, false))
        .getSolver()
        .solve(gradient);
  }

  private static RealVector ridge(RealVector at, double penalty) {
    RealVector weighted = at.mapMultiply(penalty);
    weighted.setEntry(0, at.getEntry(0) * Math.min(penalty, BIAS_PENALTY));
    return weighted;
  }

  private static double loss(RealVector[] rows, boolean[] answers, RealVector at, double penalty) {
    double sum = 0;
    for (int row = 0; row < rows.length; row++) {
      double score = at.dotProduct(rows[row]);
      sum += softplus(answers[row] ? -score : score);
    }
    return sum / rows.length + at.dotProduct(ridge(at, penalty));
  }

  /** log(1 + e^x) without overflow. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Probability of a yes. */
  double probability(double... features) {
    return logistic(bias + weights.dotProduct(new ArrayRealVector(features, false)));
  }
}
