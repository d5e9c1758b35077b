package io.dimee.tables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A CSV or TSV file. A row with other cells than the first has is malformed. */
final class DelimitedTable implements Table {
  private final String name;
  private final LineReader file;
  private final LineSource lines;
  private final Splitter splitter;
  private final List<String> columns;
  private Row first;

  private interface Splitter {
    /**
     * Divides a line.
     *
     * @throws IllegalArgumentException when it is malformed; the message says how
     */
    List<String> cells(String line);
  }

  private DelimitedTable(
      String name,
      LineReader file,
      LineSource lines,
      Splitter splitter,
      Line head,
      boolean hasHeader) {
    this.name = name;
    this.file = file;
    this.lines = lines;
    this.splitter = splitter;
    List<String> cells = firstCells(head);
    this.columns = hasHeader ? cells : numbers(cells.size());
    this.first = hasHeader ? null : Row.of(head.number(), cells);
  }

  static DelimitedTable tsv(String name, LineReader file, boolean hasHeader) throws IOException {
    Line head = head(name, file);
    return new DelimitedTable(
        name, file, file, line -> List.of(line.split("\t", -1)), head, hasHeader);
  }

  static DelimitedTable csv(String name, LineReader file, boolean hasHeader) throws IOException {
    CsvRecords any = new CsvRecords(file, CsvRow.DELIMITERS);
    Line head = head(name, any);
    while (CsvRow.isSeparatorLine(LineText.of(name, head))) {
      head = head(name, any);
    }
    char delimiter = CsvRow.likelyDelimiter(LineText.of(name, head), cells -> false);
    return new DelimitedTable(
        name,
        file,
        new CsvRecords(file, String.valueOf(delimiter)),
        line -> CsvRow.cells(line, delimiter),
        head,
        hasHeader);
  }

  private static Line head(String name, LineSource lines) throws IOException {
    Line line = lines.next();
    while (line != null && line.bytes().length == 0) {
      line = lines.next();
    }
    if (line == null) {
      throw new UnreadableFileException(name + " is empty");
    }
    return line;
  }

  private List<String> firstCells(Line head) {
    try {
      return splitter.cells(LineText.of(name, head));
    } catch (IllegalArgumentException e) {
      throw new UnreadableFileException(
          "%s line %d is %s".formatted(name, head.number(), e.getMessage()), e);
    }
  }

  private static List<String> numbers(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Row next() throws IOException {
    if (first != null) {
      Row row = first;
      first = null;
      return row;
    }
    Line line = lines.next();
    while (line != null && line.bytes().length == 0) {
      line = lines.next();
    }
    return line == null ? null : row(line);
  }

  private Row row(Line line) {
    List<String> cells;
    try {
      cells = splitter.cells(LineText.of(name, line));
    } catch (IllegalArgumentException e) {
      return Row.malformed(line.number(), e.getMessage());
    }
    if (cells.stream().skip(columns.size()).anyMatch(cell -> !cell.isBlank())) {
      return Row.malformed(
          line.number(),
          "the row has %d columns; valid: %d".formatted(cells.size(), columns.size()));
    }
    List<String> row = new ArrayList<>(cells.subList(0, Math.min(cells.size(), columns.size())));
    while (row.size() < columns.size()) {
      row.add(null);
    }
    return Row.of(line.number(), row);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
