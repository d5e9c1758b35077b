package io.dimee.client.events;

import io.dimee.tables.CsvRow;
import io.dimee.topology.cluster.ConfigurationException;
import java.util.List;

/** Rows of a CSV file (RFC 4180), by the columns that its header names. */
final class CsvParser implements LineParser {
  private final char delimiter;
  private final List<String> header;
  private final Columns columns;

  private CsvParser(char delimiter, List<String> header, Columns columns) {
    this.delimiter = delimiter;
    this.header = header;
    this.columns = columns;
  }

  /**
   * Reads a header; its delimiter is the one that makes a column for the text of it.
   *
   * @param input names the input in messages
   * @throws ConfigurationException when the header does not say which column is the text
   */
  static CsvParser of(String input, String header, EventColumns chosen) {
    if (chosen.areNumbers()) {
      throw new ConfigurationException(
          "text-column=%s: input=%s has a header; valid: names, or --format tsv for a file without one"
              .formatted(String.join(",", chosen.text()), input));
    }
    try {
      char delimiter =
          CsvRow.likelyDelimiter(header, chosen.areNamed() ? chosen::areIn : ColumnNames::nameText);
      List<String> names = CsvRow.cells(header, delimiter);
      return new CsvParser(
          delimiter,
          names,
          chosen.areNamed() ? chosen.in(input, names) : ColumnNames.of(input, names));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "input=%s: the header is %s".formatted(input, e.getMessage()), e);
    }
  }

  /** What stands between cells. */
  String delimiter() {
    return String.valueOf(delimiter);
  }

  @Override
  public InputItem.Event parse(String record, String fallbackId) {
    List<String> cells = CsvRow.cells(record, delimiter);
    if (cells.size() < header.size()) {
      throw new IllegalArgumentException(
          "the line has %d columns, the header names %d".formatted(cells.size(), header.size()));
    }
    Columns.requireRowOf(header, cells);
    return columns.event(cells, fallbackId);
  }
}
