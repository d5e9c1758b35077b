package io.dimee.deploy.events;

import java.util.List;
import java.util.Map;

/**
 * GLUE's files: columns are separated by tabs and never quoted. A first line that names a text
 * column is the header; without one, two columns are text and label, four are CoLA's source, label,
 * mark and sentence, and every line has as many columns as the first.
 */
final class TsvParser implements LineParser {
  private static final List<Columns> KNOWN =
      List.of(
          new Columns("#1 String", "#2 String"),
          new Columns("sentence1", "sentence2"),
          new Columns("question1", "question2"),
          new Columns("question", "sentence"),
          new Columns("premise", "hypothesis"),
          new Columns("text", "text_pair"),
          new Columns("sentence", null),
          new Columns("text", null));
  private static final List<String> LABELS =
      List.of("label", "gold_label", "Quality", "is_duplicate");
  private static final int COLA_COLUMNS = 4;

  private Places places;

  private record Columns(String text, String pair) {}

  /**
   * Zero-based columns; -1 for one that is not there.
   *
   * @param count columns of every line; -1 when the header says which column is which
   */
  private record Places(int id, int text, int pair, int label, int count) {}

  @Override
  public InputItem.Event parse(String line, String fallbackId) {
    if (places == null) {
      List<String> fields = List.of(line.split("\t", -1));
      places = header(fields);
      if (places != null) {
        return null;
      }
      places = withoutHeader(fields.size());
      return event(fields, fallbackId);
    }
    return event(List.of(line.split("\t", -1)), fallbackId);
  }

  private static Places header(List<String> fields) {
    for (Columns columns : KNOWN) {
      if (fields.contains(columns.text())
          && (columns.pair() == null || fields.contains(columns.pair()))) {
        int label =
            LABELS.stream().filter(fields::contains).findFirst().map(fields::indexOf).orElse(-1);
        return new Places(
            fields.indexOf("id"),
            fields.indexOf(columns.text()),
            columns.pair() == null ? -1 : fields.indexOf(columns.pair()),
            label,
            -1);
      }
    }
    return null;
  }

  private static Places withoutHeader(int columns) {
    if (columns == COLA_COLUMNS) {
      return new Places(-1, 3, -1, 1, columns);
    }
    return new Places(-1, 0, -1, columns >= 2 ? 1 : -1, columns);
  }

  private InputItem.Event event(List<String> fields, String fallbackId) {
    if (places.count() >= 0 && fields.size() != places.count()) {
      throw new IllegalArgumentException(
          "the line has %d columns, the first has %d; a file whose lines differ needs a header"
              .formatted(fields.size(), places.count()));
    }
    return new InputItem.Event(
        places.id() < 0 ? fallbackId : field(fields, places.id()),
        field(fields, places.text()),
        places.pair() < 0 ? null : field(fields, places.pair()),
        places.label() < 0 ? null : field(fields, places.label()).strip(),
        Map.of());
  }

  private static String field(List<String> fields, int column) {
    if (column >= fields.size()) {
      throw new IllegalArgumentException(
          "column %d is missing, the line has %d".formatted(column + 1, fields.size()));
    }
    return fields.get(column);
  }
}
