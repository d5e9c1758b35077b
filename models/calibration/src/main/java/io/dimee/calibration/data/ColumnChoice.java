package io.dimee.calibration.data;

import java.util.List;
import java.util.Optional;

/**
 * Which columns of a data set are what, by name, or by number from 1 where a file has no header.
 *
 * @param text of the text; several are joined by a line break; none to find one by its usual name
 * @param pair of the second text, for pairs
 * @param label of the label; empty to find it by its usual name
 */
public record ColumnChoice(List<String> text, Optional<String> pair, Optional<String> label) {
  /** All by their usual names. */
  public static final ColumnChoice USUAL =
      new ColumnChoice(List.of(), Optional.empty(), Optional.empty());

  /** Copies the names. */
  public ColumnChoice {
    text = List.copyOf(text);
  }

  /** Whether all columns are chosen, and all by number. */
  boolean isByNumber() {
    return !text.isEmpty()
        && label.isPresent()
        && text.stream().allMatch(ColumnChoice::isNumber)
        && isNumber(label.get())
        && pair.stream().allMatch(ColumnChoice::isNumber);
  }

  private static boolean isNumber(String name) {
    return name.matches("[1-9][0-9]{0,3}");
  }
}
