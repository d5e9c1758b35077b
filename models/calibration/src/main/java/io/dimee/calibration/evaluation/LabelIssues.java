package io.dimee.calibration.evaluation;

import io.dimee.calibration.data.Example;
import io.dimee.calibration.fit.TemperatureScaling;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Rows whose labels are likely wrong, by confident learning (Northcutt, Jiang and Chuang 2021,
 * arXiv 1911.00068): a class other than the label is at least as probable as it usually is for its
 * own rows. What is probable comes from classifiers that have not seen the row.
 */
public final class LabelIssues {
  private LabelIssues() {}

  /**
   * A row to look at.
   *
   * @param suggested index of the class that is more probable
   * @param labelProbability of the label that the row has
   * @param suggestedProbability of the other
   */
  public record Issue(
      Example row, int suggested, double labelProbability, double suggestedProbability) {}

  /**
   * Finds them.
   *
   * @param logits of classifiers that have not seen the row; [rows][classes]
   * @return the least likely labels first
   */
  public static List<Issue> of(List<Example> rows, float[][] logits) {
    int[] labels = rows.stream().mapToInt(Example::label).toArray();
    double temperature = TemperatureScaling.fit(logits, labels);
    int classes = logits[0].length;
    double[] sums = new double[classes];
    int[] counts = new int[classes];
    List<ExitReading> readings = new ArrayList<>(labels.length);
    for (int row = 0; row < labels.length; row++) {
      ExitReading reading = ExitReading.of(Exit.WORDS, logits[row], temperature);
      readings.add(reading);
      sums[labels[row]] += reading.probabilities()[labels[row]];
      counts[labels[row]]++;
    }
    List<Issue> issues = new ArrayList<>();
    for (int row = 0; row < labels.length; row++) {
      float[] probabilities = readings.get(row).probabilities();
      int suggested = -1;
      for (int label = 0; label < classes; label++) {
        boolean usual = counts[label] > 0 && probabilities[label] >= sums[label] / counts[label];
        if (usual && (suggested < 0 || probabilities[label] > probabilities[suggested])) {
          suggested = label;
        }
      }
      if (suggested >= 0 && suggested != labels[row]) {
        issues.add(
            new Issue(
                rows.get(row), suggested, probabilities[labels[row]], probabilities[suggested]));
      }
    }
    issues.sort(
        Comparator.comparingDouble(
            issue -> issue.labelProbability() - issue.suggestedProbability()));
    return List.copyOf(issues);
  }
}
