package io.dimee.calibration.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How answers meet the labels, class by class, as scikit-learn's {@code classification_report}
 * counts it: a class that nothing is answered with has precision 0, one without rows recall 0.
 *
 * @param classes one a class, in the order of the indices
 * @param confusions rows by label (outer) and answer (inner)
 */
public record ClassReport(List<ClassRow> classes, List<List<Integer>> confusions) {
  /**
   * One class.
   *
   * @param precision share of its answers that are right
   * @param recall share of its rows that are answered rightly
   * @param f1 harmonic mean of the two
   * @param support rows of the class
   */
  public record ClassRow(String label, double precision, double recall, double f1, int support) {}

  /**
   * Rows of one class that are answered with another.
   *
   * @param share of the class's rows
   */
  public record Confusion(String label, String answer, int rows, double share) {}

  /**
   * Counts.
   *
   * @param gold right class of each row
   * @param answers given class of each row
   * @param labels class names
   */
  public static ClassReport of(int[] gold, int[] answers, List<String> labels) {
    int classes = labels.size();
    int[][] counts = new int[classes][classes];
    for (int row = 0; row < gold.length; row++) {
      counts[gold[row]][answers[row]]++;
    }
    List<ClassRow> rows = new ArrayList<>();
    List<List<Integer>> confusions = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      int at = label;
      int support = IntStream.of(counts[label]).sum();
      int answered = IntStream.range(0, classes).map(other -> counts[other][at]).sum();
      double right = counts[label][label];
      rows.add(
          new ClassRow(
              labels.get(label),
              answered == 0 ? 0 : right / answered,
              support == 0 ? 0 : right / support,
              support + answered == 0 ? 0 : 2 * right / (support + answered),
              support));
      confusions.add(IntStream.of(counts[label]).boxed().toList());
    }
    return new ClassReport(List.copyOf(rows), List.copyOf(confusions));
  }

  /** Share of right answers. */
  public double accuracy() {
    double right = IntStream.range(0, classes.size()).map(i -> confusions.get(i).get(i)).sum();
    return right / rows();
  }

  /** Mean of the classes' F1: each counts alike, however rare. */
  public double macroF1() {
    return macro(ClassRow::f1);
  }

  /** Mean of a figure over the classes that have rows or answers. */
  public double macro(ToDoubleFunction<ClassRow> figure) {
    return classes.stream()
        .filter(row -> row.support() > 0 || row.f1() > 0)
        .mapToDouble(figure)
        .average()
        .orElse(0);
  }

  /** Mean of a figure over the classes, by their rows. */
  public double weighted(ToDoubleFunction<ClassRow> figure) {
    return classes.stream().mapToDouble(row -> figure.applyAsDouble(row) * row.support()).sum()
        / rows();
  }

  /** All rows. */
  public int rows() {
    return classes.stream().mapToInt(ClassRow::support).sum();
  }

  /** What a classifier that always answers with the most frequent class gets right. */
  public double majority() {
    return classes.stream().mapToInt(ClassRow::support).max().orElse(0) / (double) rows();
  }

  /** The most frequent mistakes, most frequent first. */
  public List<Confusion> topConfusions(int count) {
    List<Confusion> all = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      for (int answer = 0; answer < classes.size(); answer++) {
        int rows = confusions.get(label).get(answer);
        if (label != answer && rows > 0) {
          all.add(
              new Confusion(
                  classes.get(label).label(),
                  classes.get(answer).label(),
                  rows,
                  rows / (double) classes.get(label).support()));
        }
      }
    }
    return all.stream()
        .sorted(Comparator.comparingInt(Confusion::rows).reversed())
        .limit(count)
        .toList();
  }
}
