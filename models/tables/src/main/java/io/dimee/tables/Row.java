package io.dimee.tables;

import java.util.Collections;
import java.util.List;

/**
 * A row of a table.
 *
 * @param line where it begins in its file, from 1; the element's number in a JSON array
 * @param cells in the order of the table's columns; null for one that the row does not have
 * @param fault why the row is malformed, or null
 */
public record Row(long line, List<String> cells, String fault) {
  /** Copies the cells. */
  public Row {
    // List.copyOf takes no null
    cells = Collections.unmodifiableList(cells);
  }

  /** A row as it should be. */
  static Row of(long line, List<String> cells) {
    return new Row(line, cells, null);
  }

  /** A row that cannot be used. */
  static Row malformed(long line, String fault) {
    return new Row(line, List.of(), fault);
  }
}
