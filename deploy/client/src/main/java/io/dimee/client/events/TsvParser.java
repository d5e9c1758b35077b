package io.dimee.client.events;

import java.util.List;

/**
 * GLUE's files: columns are separated by tabs and never quoted. A first line that names a text
 * column is the header; without one, two columns are text and label, four are CoLA's source, label,
 * mark and sentence, and every line has as many columns as the first.
 */
final class TsvParser implements LineParser {
  private static final int COLA_COLUMNS = 4;

  private final String input;
  private final EventColumns chosen;
  private List<String> first;
  private boolean isHeader;
  private Columns columns;

  /**
   * Creates a parser.
   *
   * @param input names the input in messages
   */
  TsvParser(String input, EventColumns chosen) {
    this.input = input;
    this.chosen = chosen;
  }

  @Override
  public InputItem.Event parse(String line, String fallbackId) {
    List<String> cells = List.of(line.split("\t", -1));
    if (first == null) {
      first = cells;
      columns = header(cells);
      isHeader = columns != null;
      if (isHeader) {
        return null;
      }
      columns = chosen.areNumbers() ? chosen.byNumber() : withoutHeader(cells.size());
    }
    if (isHeader) {
      Columns.requireRowOf(first, cells);
    } else if (cells.size() != first.size()) {
      throw new IllegalArgumentException(
          "the line has %d columns, the first has %d; a file whose lines differ needs a header"
              .formatted(cells.size(), first.size()));
    }
    return columns.event(cells, fallbackId);
  }

  private Columns header(List<String> cells) {
    if (chosen.areNumbers()) {
      return null;
    }
    return chosen.areNamed() ? chosen.in(input, cells) : ColumnNames.ofGlue(cells);
  }

  private static Columns withoutHeader(int columns) {
    if (columns == COLA_COLUMNS) {
      return new Columns(-1, 3, -1, 1);
    }
    return new Columns(-1, 0, -1, columns >= 2 ? 1 : -1);
  }
}
