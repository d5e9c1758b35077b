package io.dimee.calibration.data;

import io.dimee.tables.Split;
import java.util.Optional;

/**
 * A row of a data set, before its label is known to be a class.
 *
 * @param line where it begins in its file, from 1
 * @param split that it says it belongs to
 * @param text the text, or the first of a pair; may be blank
 * @param pair the second text, or null
 * @param label name of the class; may be blank
 */
record LabelledRow(long line, Optional<Split> split, String text, String pair, String label) {
  boolean isBlank() {
    return text.isBlank() && (pair == null || pair.isBlank());
  }
}
