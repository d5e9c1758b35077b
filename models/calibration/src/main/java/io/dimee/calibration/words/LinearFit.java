package io.dimee.calibration.words;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import io.dimee.calibration.data.Example;
import io.dimee.inference.words.NgramVocabulary;
import io.dimee.inference.words.TextFeatures;
import io.dimee.inference.words.WordsModel;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Finds weights by logistic regression with a penalty on their squares, one class against the rest,
 * with LIBLINEAR's dual coordinate descent (Yu, Huang and Lin 2011).
 */
final class LinearFit {
  private static final double PRECISION = 0.3;

  private final NgramVocabulary vocabulary;
  private final Problem problem;
  private final int classes;

  /** Computes the rows' features. */
  LinearFit(NgramVocabulary vocabulary, List<Example> rows, int classes) {
    Linear.disableDebugOutput();
    this.vocabulary = vocabulary;
    this.classes = classes;
    this.problem = new Problem();
    TextFeatures features = new TextFeatures(vocabulary);
    problem.l = rows.size();
    problem.n = vocabulary.size() + 1;
    problem.bias = 1;
    problem.y = rows.stream().mapToDouble(Example::label).toArray();
    problem.x =
        rows.stream().map(row -> features(row, features, problem.n)).toArray(Feature[][]::new);
  }

  private static Feature[] features(Example row, TextFeatures features, int biasIndex) {
    features.read(row.text(), row.pair());
    Feature[] nodes = new Feature[features.size() + 1];
    for (int i = 0; i < features.size(); i++) {
      nodes[i] = new FeatureNode(features.feature(i) + 1, features.value(i));
    }
    nodes[features.size()] = new FeatureNode(biasIndex, 1);
    Arrays.sort(nodes, Comparator.comparingInt(Feature::getIndex));
    return nodes;
  }

  /**
   * Fits.
   *
   * @param cost what a wrong row costs
   * @param classWeights factors of the cost; [classes]
   */
  WordsModel fit(double cost, float[] classWeights, long seed) {
    int[] present = Arrays.stream(problem.y).mapToInt(label -> (int) label).distinct().toArray();
    float[] biases = new float[classes];
    Arrays.fill(biases, (float) -Math.log(2.0 * Math.max(1, problem.l)));
    float[] weights = new float[vocabulary.size() * classes];
    if (present.length == 1) {
      biases[present[0]] = 0;
    } else if (present.length > 1) {
      Parameter parameter = new Parameter(SolverType.L2R_LR_DUAL, cost, PRECISION);
      parameter.setRandom(new Random(seed));
      parameter.setWeights(
          Arrays.stream(present).mapToDouble(label -> classWeights[label]).toArray(), present);
      copy(Linear.train(problem, parameter), weights, biases);
    }
    return WordsModel.of(vocabulary, weights, biases);
  }

  /** Copies what was fitted; classes without rows keep their bias. */
  private void copy(Model fitted, float[] weights, float[] biases) {
    int[] labels = fitted.getLabels();
    double[] from = fitted.getFeatureWeights();
    // For two classes there is one column: for the first, and its opposite for the second.
    boolean opposite = labels.length == 2;
    int columns = opposite ? 1 : labels.length;
    for (int feature = 0; feature < problem.n; feature++) {
      for (int i = 0; i < labels.length; i++) {
        double weight =
            opposite ? from[feature] * (i == 0 ? 0.5 : -0.5) : from[feature * columns + i];
        if (feature == vocabulary.size()) {
          biases[labels[i]] = (float) weight;
        } else {
          weights[feature * classes + labels[i]] = (float) weight;
        }
      }
    }
  }
}
