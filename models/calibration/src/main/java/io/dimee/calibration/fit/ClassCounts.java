package io.dimee.calibration.fit;

/**
 * Rows by their class and by what they are answered with, as far as metrics need them. Counts may
 * be fractions: a bound asks what some more rows would change.
 */
final class ClassCounts {
  private final double[] right;
  private final double[] answered;
  private final double[] gold;
  private double rows;

  ClassCounts(int classes) {
    this.right = new double[classes];
    this.answered = new double[classes];
    this.gold = new double[classes];
  }

  ClassCounts(ClassCounts other) {
    this.right = other.right.clone();
    this.answered = other.answered.clone();
    this.gold = other.gold.clone();
    this.rows = other.rows;
  }

  /** Adds rows of a class that get an answer, or takes them away. */
  void add(int label, int answer, double count) {
    gold[label] += count;
    answered[answer] += count;
    right[label] += label == answer ? count : 0;
    rows += count;
  }

  /** Answers some rows of a class otherwise. */
  void move(int label, int from, int to, double count) {
    add(label, from, -count);
    add(label, to, count);
  }

  int classes() {
    return gold.length;
  }

  double rows() {
    return rows;
  }

  /** Rows of a class. */
  double gold(int label) {
    return gold[label];
  }

  /** Rows of a class that are answered rightly. */
  double right(int label) {
    return right[label];
  }

  double accuracy() {
    return rows == 0 ? 0 : sum(right) / rows;
  }

  /** F1 of a class; 0 when it has neither rows nor answers. */
  double f1(int label) {
    double either = answered[label] + gold[label];
    return either <= 0 ? 0 : 2 * right[label] / either;
  }

  /** Mean of F1 over the classes that have rows or answers. */
  double macroF1() {
    double sum = 0;
    int classes = 0;
    for (int label = 0; label < gold.length; label++) {
      if (answered[label] + gold[label] > 0) {
        sum += f1(label);
        classes++;
      }
    }
    return classes == 0 ? 0 : sum / classes;
  }

  /** Gorodkin's correlation of any number of classes, which for two is Matthews'. */
  double matthews() {
    double expected = 0;
    double ofAnswers = rows * rows;
    double ofGold = rows * rows;
    for (int label = 0; label < gold.length; label++) {
      expected += answered[label] * gold[label];
      ofAnswers -= answered[label] * answered[label];
      ofGold -= gold[label] * gold[label];
    }
    double norm = Math.sqrt(Math.max(0, ofAnswers) * Math.max(0, ofGold));
    return norm == 0 ? 0 : (sum(right) * rows - expected) / norm;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
