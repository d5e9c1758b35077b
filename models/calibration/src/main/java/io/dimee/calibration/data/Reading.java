package io.dimee.calibration.data;

import io.dimee.tables.TableFile;
import java.util.List;

/**
 * How the files of a data set are read.
 *
 * @param malformed largest share of a file's rows that may be malformed and are then left out
 */
public record Reading(
    TableFile.Layout layout, ColumnChoice columns, LabelRules labels, double malformed) {
  /** A hundredth: a file with more is not what it is taken for. */
  private static final double MALFORMED = 0.01;

  /** By usual names. */
  public static final Reading USUAL =
      of(TableFile.Layout.DEFAULT, ColumnChoice.USUAL, LabelRules.NONE);

  /** Tolerates a few malformed rows. */
  public static Reading of(TableFile.Layout layout, ColumnChoice columns, LabelRules labels) {
    return new Reading(layout, columns, labels, MALFORMED);
  }

  /** The same for given classes. */
  public Reading of(List<String> classes) {
    LabelRules rules =
        new LabelRules(
            classes, labels.names(), labels.pattern(), labels.dropped(), labels.unknown());
    return new Reading(layout, columns, rules, malformed);
  }
}
