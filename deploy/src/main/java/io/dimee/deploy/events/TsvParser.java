package io.dimee.deploy.events;

import java.util.List;

/**
 * GLUE's files: columns are separated by tabs and never quoted. A first line that names a text
 * column is the header; without one, two columns are text and label, four are CoLA's source, label,
 * mark and sentence, and every line has as many columns as the first.
 */
final class TsvParser implements LineParser {
  private static final int COLA_COLUMNS = 4;

  private Places places;

  /**
   * What the first line says.
   *
   * @param count columns of the first line
   * @param named whether it is a header
   */
  private record Places(Columns columns, int count, boolean named) {}

  @Override
  public InputItem.Event parse(String line, String fallbackId) {
    List<String> cells = List.of(line.split("\t", -1));
    if (places == null) {
      Columns header = ColumnNames.ofGlue(cells);
      places =
          new Places(
              header == null ? withoutHeader(cells.size()) : header, cells.size(), header != null);
      if (header != null) {
        return null;
      }
    }
    if (places.named()) {
      Columns.requireNoMoreThan(places.count(), cells);
    } else if (cells.size() != places.count()) {
      throw new IllegalArgumentException(
          "the line has %d columns, the first has %d; a file whose lines differ needs a header"
              .formatted(cells.size(), places.count()));
    }
    return places.columns().event(cells, fallbackId);
  }

  private static Columns withoutHeader(int columns) {
    if (columns == COLA_COLUMNS) {
      return new Columns(-1, 3, -1, 1);
    }
    return new Columns(-1, 0, -1, columns >= 2 ? 1 : -1);
  }
}
