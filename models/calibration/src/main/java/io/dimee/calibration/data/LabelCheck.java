package io.dimee.calibration.data;

import io.dimee.calibration.data.Finding.Kind;
import io.dimee.calibration.data.Finding.Severity;
import io.dimee.calibration.data.SplitScan.LabelCount;
import io.dimee.tables.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at the labels of a data set. */
final class LabelCheck {
  /** Classes that a bundle may have. */
  static final int MOST_CLASSES = 200;

  private static final int IMBALANCE = 10;

  /** Share of rows with several labels from which the data set is one for several labels. */
  private static final double SEVERAL = 0.01;

  /** Numbers that a column of classes may have; two are yes and no. */
  private static final int FEW_NUMBERS = 2;

  private static final int SHOWN = 8;
  private static final int LABEL_CHARS = 40;

  private final List<String> labels;
  private final int minPerClass;

  LabelCheck(List<String> labels, int minPerClass) {
    this.labels = labels;
    this.minPerClass = minPerClass;
  }

  /** Findings on the labels that are trained on. */
  List<Finding> ofTrain(SplitScan train) {
    Map<String, LabelCount> counts = train.labels();
    if (severalPerRow(counts) > SEVERAL * train.usable()) {
      return List.of(
          error(
              Kind.SEVERAL_LABELS,
              "rows have several labels, such as %s: this is a multi-label data set, and a bundle answers with one class"
                  .formatted(shown(combinations(counts).limit(1).toList())),
              severalPerRow(counts),
              combinations(counts).map(counts::get).toList()));
    }
    if (train.hasTooManyLabels() || counts.size() > MOST_CLASSES) {
      String number =
          train.hasTooManyLabels() ? "more than " + SplitScan.MOST_LABELS : "" + counts.size();
      String what = LabelOrder.areNumbers(counts.keySet()) ? "numbers" : "labels";
      return List.of(
          error(
              Kind.TOO_MANY_LABELS,
              "%s different %s, such as %s; valid: 2 to %d classes. Is this the column of the labels?"
                  .formatted(number, what, shown(first(counts.keySet())), MOST_CLASSES),
              train.usable(),
              List.of()));
    }
    List<Finding> findings = new ArrayList<>();
    if (labels.size() < 2) {
      findings.add(
          error(
              Kind.TOO_FEW_LABELS,
              counts.isEmpty()
                  ? "train has no labelled rows"
                  : "all %d rows of train have the label %s; valid: two or more classes"
                      .formatted(train.usable(), shown(labels)),
              train.usable(),
              List.of()));
      return findings;
    }
    listed(findings, counts);
    rare(findings, counts);
    similar(findings, counts);
    numbers(findings);
    imbalance(findings, counts);
    return findings;
  }

  /** Findings on the labels that are measured on. */
  List<Finding> ofOther(Split split, SplitScan scan) {
    List<String> foreign =
        scan.labels().keySet().stream().filter(label -> !labels.contains(label)).toList();
    if (foreign.isEmpty()) {
      return List.of();
    }
    return List.of(
        error(
            Kind.LABEL_NOT_IN_TRAIN,
            "%s has labels that train lacks: %s; classes: %s"
                .formatted(split.names().get(0), shown(foreign), shown(labels)),
            rows(scan.labels(), foreign),
            foreign.stream().map(scan.labels()::get).toList()));
  }

  private void listed(List<Finding> findings, Map<String, LabelCount> counts) {
    List<String> foreign = counts.keySet().stream().filter(l -> !labels.contains(l)).toList();
    if (!foreign.isEmpty()) {
      findings.add(
          error(
              Kind.LABEL_NOT_LISTED,
              "train has labels that are not among the given classes: %s; classes: %s"
                  .formatted(shown(foreign), shown(labels)),
              rows(counts, foreign),
              foreign.stream().map(counts::get).toList()));
    }
  }

  private void rare(List<Finding> findings, Map<String, LabelCount> counts) {
    List<String> rare =
        labels.stream()
            .filter(label -> !counts.containsKey(label) || counts.get(label).rows() < minPerClass)
            .toList();
    if (!rare.isEmpty()) {
      String each =
          rare.stream()
              .limit(SHOWN)
              .map(
                  l ->
                      "%s (%d)"
                          .formatted(
                              shown(List.of(l)), counts.containsKey(l) ? counts.get(l).rows() : 0))
              .collect(Collectors.joining(", "));
      findings.add(
          error(
              Kind.RARE_LABEL,
              "%d of %d classes have fewer than %d rows in train: %s%s; add rows, lower --min-per-class, or leave them out with --drop-labels"
                  .formatted(
                      rare.size(),
                      labels.size(),
                      minPerClass,
                      each,
                      rare.size() > SHOWN ? ", ..." : ""),
              rows(counts, rare),
              rare.stream().filter(counts::containsKey).map(counts::get).toList()));
    }
  }

  private void similar(List<Finding> findings, Map<String, LabelCount> counts) {
    Map<String, List<String>> byPlain = new TreeMap<>();
    for (String label : labels) {
      byPlain
          .computeIfAbsent(
              label.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", ""), key -> new ArrayList<>())
          .add(label);
    }
    List<List<String>> groups =
        byPlain.values().stream().filter(group -> group.size() > 1).toList();
    if (!groups.isEmpty()) {
      List<String> all = groups.stream().flatMap(List::stream).toList();
      findings.add(
          warning(
              Kind.SIMILAR_LABELS,
              "labels that differ in case, spaces or hyphens alone: %s; --label-map makes one of them"
                  .formatted(
                      groups.stream()
                          .limit(SHOWN)
                          .map(LabelCheck::shown)
                          .collect(Collectors.joining("; "))),
              rows(counts, all),
              all.stream().filter(counts::containsKey).map(counts::get).toList()));
    }
  }

  private void numbers(List<Finding> findings) {
    if (labels.size() > FEW_NUMBERS && LabelOrder.areNumbers(labels)) {
      findings.add(
          warning(
              Kind.NUMERIC_LABELS,
              "the labels look like numbers on a %s (%s): classes have no order, and a near miss counts as a miss"
                  .formatted(LabelOrder.areWhole(labels) ? "scale" : "line", shown(labels)),
              0,
              List.of()));
    }
  }

  private void imbalance(List<Finding> findings, Map<String, LabelCount> counts) {
    List<String> bySize =
        labels.stream()
            .filter(counts::containsKey)
            .sorted(Comparator.comparingLong(label -> counts.get(label).rows()))
            .toList();
    if (bySize.isEmpty()) {
      return;
    }
    String smallest = bySize.get(0);
    String largest = bySize.get(bySize.size() - 1);
    long ratio = counts.get(largest).rows() / counts.get(smallest).rows();
    if (ratio >= IMBALANCE) {
      findings.add(
          warning(
              Kind.IMBALANCE,
              "%s has %d times the rows of %s (%d to %d): accuracy hides how small classes fare, the mean F1 shows it"
                  .formatted(
                      shown(List.of(largest)),
                      ratio,
                      shown(List.of(smallest)),
                      counts.get(largest).rows(),
                      counts.get(smallest).rows()),
              0,
              List.of()));
    }
  }

  private static long severalPerRow(Map<String, LabelCount> counts) {
    return combinations(counts).mapToLong(label -> counts.get(label).rows()).sum();
  }

  /** Labels that are lists of other labels. */
  private static Stream<String> combinations(Map<String, LabelCount> counts) {
    return counts.keySet().stream()
        .filter(
            label -> {
              String[] parts = label.split("\\s*[,;|]\\s*", -1);
              return parts.length > 1 && Arrays.stream(parts).allMatch(counts::containsKey);
            });
  }

  private static long rows(Map<String, LabelCount> counts, List<String> of) {
    return of.stream().filter(counts::containsKey).mapToLong(l -> counts.get(l).rows()).sum();
  }

  private static List<String> first(Collection<String> labels) {
    return labels.stream().limit(2).toList();
  }

  /** In one line, whatever somebody wrote there. */
  static String shown(List<String> labels) {
    String names =
        labels.stream()
            .limit(SHOWN)
            .map(l -> l.length() > LABEL_CHARS ? l.substring(0, LABEL_CHARS) + "..." : l)
            .map(l -> l.replaceAll("\\p{Cntrl}", "?"))
            .collect(Collectors.joining(", "));
    return labels.size() > SHOWN ? names + ", ... (%d in all)".formatted(labels.size()) : names;
  }

  private static Finding error(Kind kind, String message, long rows, List<LabelCount> at) {
    return finding(Severity.ERROR, kind, message, rows, at);
  }

  private static Finding warning(Kind kind, String message, long rows, List<LabelCount> at) {
    return finding(Severity.WARNING, kind, message, rows, at);
  }

  private static Finding finding(
      Severity severity, Kind kind, String message, long rows, List<LabelCount> at) {
    return new Finding(
        severity,
        kind,
        message,
        rows,
        at.stream().limit(Finding.PLACES).map(LabelCount::place).toList());
  }
}
