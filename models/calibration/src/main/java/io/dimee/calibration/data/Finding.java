package io.dimee.calibration.data;

import java.util.List;

/**
 * Something that a check of a data set found.
 *
 * @param severity whether it can be trained on all the same
 * @param kind short name that scripts can rely on
 * @param message for people; one line
 * @param rows how many it concerns
 * @param places the first of them, as {@code FILE line N}
 */
public record Finding(
    Severity severity, Kind kind, String message, long rows, List<String> places) {
  /** Places that are named. */
  static final int PLACES = 5;

  /** Copies the places. */
  public Finding {
    places = List.copyOf(places);
  }

  /** How bad a finding is. */
  public enum Severity {
    /** Nothing can be trained on this. */
    ERROR,
    /** Something that its user should look at. */
    WARNING
  }

  /** What there is to find. */
  public enum Kind {
    TOO_FEW_LABELS,
    TOO_MANY_LABELS,
    RARE_LABEL,
    LABEL_NOT_IN_TRAIN,
    LABEL_NOT_LISTED,
    SEVERAL_LABELS,
    NUMERIC_LABELS,
    SIMILAR_LABELS,
    CONFLICTING_LABELS,
    DUPLICATES,
    IN_TRAIN_TOO,
    BLANK_TEXTS,
    NO_LABEL,
    MALFORMED_ROWS,
    CONTROL_CHARACTERS,
    REPLACEMENT_CHARACTERS,
    TRUNCATED,
    UNKNOWN_WORDS,
    IMBALANCE
  }
}
