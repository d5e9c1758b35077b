package io.dimee.calibration.data;

import io.dimee.calibration.data.Finding.Severity;
import io.dimee.tables.Split;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a check of a data set found.
 *
 * @param labels the classes, in the order of their indices
 * @param isPair whether its rows are pairs of texts
 * @param splits the rows, by split; those that are there
 * @param outOfScope rows that belong to no class
 * @param findings errors first
 */
public record CheckReport(
    List<String> labels,
    boolean isPair,
    Map<Split, SplitCounts> splits,
    long outOfScope,
    List<Finding> findings) {
  /** Copies the findings. */
  public CheckReport {
    labels = List.copyOf(labels);
    splits = Map.copyOf(splits);
    findings = List.copyOf(findings);
  }

  /**
   * Rows of a split.
   *
   * @param rows those that are well-formed
   * @param usable those with text and label
   * @param byLabel usable rows of each label
   */
  public record SplitCounts(long rows, long usable, Map<String, Long> byLabel) {
    static SplitCounts of(SplitScan scan) {
      Map<String, Long> byLabel = new LinkedHashMap<>();
      scan.labels().forEach((label, count) -> byLabel.put(label, count.rows()));
      return new SplitCounts(scan.rows(), scan.usable(), byLabel);
    }
  }

  /** Whether something stands in the way of training. */
  public boolean hasErrors() {
    return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
  }

  /**
   * Refuses a data set that nothing can be trained on.
   *
   * @throws DataException with the first error
   */
  public void requireNoErrors() {
    List<Finding> errors =
        findings.stream().filter(finding -> finding.severity() == Severity.ERROR).toList();
    if (!errors.isEmpty()) {
      Finding first = errors.get(0);
      throw new DataException(
          "data: %s%s%s"
              .formatted(
                  first.message(),
                  first.places().isEmpty() ? "" : " (first: " + first.places().get(0) + ")",
                  errors.size() == 1
                      ? ""
                      : "; and %d more errors, which --check lists".formatted(errors.size() - 1)));
    }
  }
}
