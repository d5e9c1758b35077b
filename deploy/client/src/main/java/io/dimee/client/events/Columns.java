package io.dimee.client.events;

import io.dimee.tables.UsualNames;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which column of a table is what. Columns are zero-based; -1 for one that is not there.
 *
 * @param id of the event's id
 * @param text of the (first) text; several are joined
 * @param pair of the second text
 * @param label of the gold label
 */
record Columns(int id, List<Integer> text, int pair, int label) {
  Columns(int id, int text, int pair, int label) {
    this(id, List.of(text), pair, label);
  }

  /**
   * Makes an event of a row. An empty cell is an id, a second text or a label that the row does not
   * have.
   *
   * @param fallbackId id of an event that brings none
   * @throws IllegalArgumentException when the row lacks a column
   */
  InputItem.Event event(List<String> cells, String fallbackId) {
    String id = optional(cells, this.id);
    String label = optional(cells, this.label);
    return new InputItem.Event(
        id == null ? fallbackId : id,
        text(cells),
        optional(cells, pair),
        label == null ? null : label.strip(),
        Map.of());
  }

  private String text(List<String> cells) {
    if (text.size() == 1) {
      return cell(cells, text.get(0));
    }
    return text.stream()
        .map(column -> cell(cells, column))
        .filter(cell -> !cell.isBlank())
        .collect(Collectors.joining(UsualNames.BETWEEN_TEXTS));
  }

  private static String optional(List<String> cells, int column) {
    if (column < 0) {
      return null;
    }
    String cell = cell(cells, column);
    return cell.isBlank() ? null : cell;
  }

  private static String cell(List<String> cells, int column) {
    if (column >= cells.size()) {
      throw new IllegalArgumentException(
          "column %d is missing, the line has %d".formatted(column + 1, cells.size()));
    }
    return cells.get(column);
  }

  /**
   * Refuses a row of which something would be lost, and the header of another file that was put
   * behind this one. Cells behind the last column may be empty, as spreadsheets write them. A
   * header of one column may be a text.
   *
   * @throws IllegalArgumentException when the row has more than the header names, or repeats it
   */
  static void requireRowOf(List<String> header, List<String> cells) {
    if (cells.stream().skip(header.size()).anyMatch(cell -> !cell.isBlank())) {
      throw new IllegalArgumentException(
          "the line has %d columns, the header names %d".formatted(cells.size(), header.size()));
    }
    if (header.size() > 1 && cells.equals(header)) {
      throw new IllegalArgumentException("the line repeats the header");
    }
  }
}
