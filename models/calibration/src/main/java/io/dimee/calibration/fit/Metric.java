package io.dimee.calibration.fit;

import io.dimee.calibration.data.DataException;
import java.util.List;

/**
 * What a user judges a bundle by, and the promise of {@code --max-drop} is made for. Higher is
 * better, 1 is perfect.
 *
 * @param kind how it is computed
 * @param label index of the class that F1 is of; -1 for the others
 */
public record Metric(Kind kind, int label) {
  /** Share of right answers. */
  public static final Metric ACCURACY = new Metric(Kind.ACCURACY, -1);

  private static final String F1_OF = "f1:";

  /** How it is computed. */
  public enum Kind {
    /** Share of right answers. */
    ACCURACY,
    /** Mean of the classes' F1: each counts alike, however rare. */
    MACRO_F1,
    /** Harmonic mean of one class's precision and recall. */
    F1,
    /** Matthews correlation coefficient, for more than two classes as Gorodkin (2004) has it. */
    MATTHEWS
  }

  /**
   * Reads accuracy, macro-f1, f1:LABEL or matthews.
   *
   * @param labels class names
   * @throws DataException when it is none of them, or of a class that there is not
   */
  public static Metric parse(String text, List<String> labels) {
    return switch (text) {
      case "accuracy" -> ACCURACY;
      case "macro-f1" -> new Metric(Kind.MACRO_F1, -1);
      case "matthews" -> new Metric(Kind.MATTHEWS, -1);
      default -> new Metric(Kind.F1, label(text, labels));
    };
  }

  private static int label(String text, List<String> labels) {
    if (!text.startsWith(F1_OF)) {
      throw new DataException(
          "metric=%s is not known; valid: accuracy, macro-f1, f1:LABEL, matthews".formatted(text));
    }
    int label = labels.indexOf(text.substring(F1_OF.length()));
    if (label < 0) {
      throw new DataException(
          "metric=%s: no class has this name; valid: %s".formatted(text, labels));
    }
    return label;
  }

  /** As {@link #parse} reads it. */
  public String id(List<String> labels) {
    return switch (kind) {
      case ACCURACY -> "accuracy";
      case MACRO_F1 -> "macro-f1";
      case F1 -> F1_OF + labels.get(label);
      case MATTHEWS -> "matthews";
    };
  }

  /**
   * Computes it.
   *
   * @param gold right class of each row
   * @param answers given class of each row
   */
  public double of(int[] gold, int[] answers, int classes) {
    ClassCounts counts = new ClassCounts(classes);
    for (int row = 0; row < gold.length; row++) {
      counts.add(gold[row], answers[row], 1);
    }
    return of(counts);
  }

  double of(ClassCounts counts) {
    return switch (kind) {
      case ACCURACY -> counts.accuracy();
      case MACRO_F1 -> counts.macroF1();
      case F1 -> counts.f1(label);
      case MATTHEWS -> counts.matthews();
    };
  }
}
