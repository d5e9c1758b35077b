package io.dimee.tables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines that begin with their label, as fastText reads them; several labels are joined by commas.
 */
final class FastTextTable implements Table {
  private static final List<String> COLUMNS = List.of("label", "text");

  private final String name;
  private final LineReader lines;
  private final String prefix;

  FastTextTable(String name, LineReader lines, String prefix) {
    this.name = name;
    this.lines = lines;
    this.prefix = prefix;
  }

  @Override
  public List<String> columns() {
    return COLUMNS;
  }

  @Override
  public Row next() throws IOException {
    while (true) {
      Line line = lines.next();
      if (line == null) {
        return null;
      }
      String text = LineText.of(name, line);
      if (!text.isBlank()) {
        return row(line.number(), text.strip());
      }
    }
  }

  private Row row(long line, String text) {
    List<String> labels = new ArrayList<>();
    String rest = text;
    // without a prefix nothing tells a second label from the text
    while (rest.startsWith(prefix) && (labels.isEmpty() || !prefix.isEmpty())) {
      String[] parts = rest.split("\\s+", 2);
      labels.add(parts[0].substring(prefix.length()));
      rest = parts.length == 1 ? "" : parts[1];
    }
    return labels.isEmpty()
        ? Row.malformed(line, "does not begin with %sLABEL".formatted(prefix))
        : Row.of(line, List.of(String.join(",", labels), rest));
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
