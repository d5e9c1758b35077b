package io.dimee.calibration.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one pass over the rows of a split counts. */
final class SplitScan {
  /** More different labels than this are no classes, and are not all remembered. */
  static final int MOST_LABELS = 2_000;

  private final Map<String, LabelCount> labels = new TreeMap<>();
  private final Map<Long, Seen> texts = new HashMap<>();
  private final Places blank = new Places();
  private final Places unlabelled = new Places();
  private final Places control = new Places();
  private final Places replaced = new Places();
  private final Places duplicates = new Places();
  private final Places conflicts = new Places();
  private long rows;
  private long beyondMostLabels;

  /** Rows of a label. */
  static final class LabelCount {
    private long rows;
    private final String place;

    private LabelCount(String place) {
      this.place = place;
    }

    long rows() {
      return rows;
    }

    String place() {
      return place;
    }
  }

  /**
   * A text as it was first seen.
   *
   * @param label its label, the same object for all rows of the label
   */
  record Seen(String file, long line, String label) {
    String place() {
      return Places.of(file, line);
    }
  }

  /** How many rows there are of a kind, and where the first are. */
  static final class Places {
    private long rows;
    private final List<String> first = new ArrayList<>();

    void add(String place) {
      rows++;
      if (first.size() < Finding.PLACES) {
        first.add(place);
      }
    }

    /** Several rows, of which the first is known. */
    void add(long count, String place) {
      add(place);
      rows += count - 1;
    }

    long rows() {
      return rows;
    }

    List<String> first() {
      return first;
    }

    static String of(String file, long line) {
      return file + " line " + line;
    }
  }

  /** Looks at a row; tells whether it can be used. */
  boolean add(String file, LabelledRow row) {
    rows++;
    if (row.isBlank()) {
      blank.add(Places.of(file, row.line()));
      return false;
    }
    if (row.label().isBlank()) {
      unlabelled.add(Places.of(file, row.line()));
      return false;
    }
    characters(file, row);
    LabelCount count = labels.get(row.label());
    if (count == null) {
      if (labels.size() == MOST_LABELS) {
        beyondMostLabels++;
        return false;
      }
      count = new LabelCount(Places.of(file, row.line()));
      labels.put(row.label(), count);
    }
    count.rows++;
    Seen seen = new Seen(file, row.line(), row.label());
    Seen before = texts.putIfAbsent(TextKey.of(row.text(), row.pair()), seen);
    if (before != null) {
      boolean isConflict = !before.label().equals(row.label());
      (isConflict ? conflicts : duplicates).add(seen.place());
    }
    return true;
  }

  private void characters(String file, LabelledRow row) {
    boolean isControl = hasControl(row.text()) || (row.pair() != null && hasControl(row.pair()));
    if (isControl) {
      control.add(Places.of(file, row.line()));
    }
    if (row.text().indexOf('\uFFFD') >= 0
        || (row.pair() != null && row.pair().indexOf('\uFFFD') >= 0)) {
      replaced.add(Places.of(file, row.line()));
    }
  }

  private static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t') {
        return true;
      }
    }
    return false;
  }

  /** Rows of this split whose text is also in another one. */
  Places alsoIn(SplitScan other) {
    Places also = new Places();
    texts.entrySet().stream()
        .filter(entry -> other.texts.containsKey(entry.getKey()))
        .map(entry -> entry.getValue())
        .sorted(Comparator.comparingLong(Seen::line))
        .forEach(seen -> also.add(seen.place()));
    return also;
  }

  Map<String, LabelCount> labels() {
    return labels;
  }

  boolean hasTooManyLabels() {
    return beyondMostLabels > 0;
  }

  /** Rows, blank and unlabelled ones included, malformed ones not. */
  long rows() {
    return rows;
  }

  /** Rows that can be used. */
  long usable() {
    return rows - blank.rows() - unlabelled.rows() - beyondMostLabels;
  }

  Places blank() {
    return blank;
  }

  Places unlabelled() {
    return unlabelled;
  }

  Places control() {
    return control;
  }

  Places replaced() {
    return replaced;
  }

  Places duplicates() {
    return duplicates;
  }

  Places conflicts() {
    return conflicts;
  }
}
