package io.dimee.client.events;

import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Rows of a CSV file (RFC 4180), by the columns that its header names. */
final class CsvParser implements LineParser {
  /** What spreadsheets put between cells; the header tells which. */
  static final String DELIMITERS = ",;\t|";

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
  static CsvParser of(String input, String header) {
    try {
      char delimiter = delimiter(header);
      List<String> names = cells(header, delimiter);
      return new CsvParser(delimiter, names, ColumnNames.of(input, names));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "input=%s: the header is %s".formatted(input, e.getMessage()), e);
    }
  }

  private static char delimiter(String header) {
    char likely = DELIMITERS.charAt(0);
    int most = 1;
    for (int i = 0; i < DELIMITERS.length(); i++) {
      char candidate = DELIMITERS.charAt(i);
      if (isWhole(header, candidate)) {
        List<String> names = cells(header, candidate);
        if (ColumnNames.nameText(names)) {
          return candidate;
        }
        if (names.size() > most) {
          likely = candidate;
          most = names.size();
        }
      }
    }
    return likely;
  }

  /** What stands between cells. */
  String delimiter() {
    return String.valueOf(delimiter);
  }

  @Override
  public InputItem.Event parse(String record, String fallbackId) {
    List<String> cells = cells(record, delimiter);
    if (cells.size() < header.size()) {
      throw new IllegalArgumentException(
          "the line has %d columns, the header names %d".formatted(cells.size(), header.size()));
    }
    Columns.requireRowOf(header, cells);
    return columns.event(cells, fallbackId);
  }

  private static boolean isWhole(String record, char delimiter) {
    CsvState end = CsvState.BEGIN.after(record, String.valueOf(delimiter));
    return end != CsvState.QUOTED && end != CsvState.BROKEN;
  }

  private static List<String> cells(String record, char delimiter) {
    if (!isWhole(record, delimiter)) {
      throw new IllegalArgumentException(
          "not CSV: a quote is not closed, or one within a cell is not doubled");
    }
    CSVFormat format = CSVFormat.RFC4180.builder().setDelimiter(delimiter).get();
    try (CSVParser parser = CSVParser.parse(record, format)) {
      List<CSVRecord> records = parser.getRecords();
      if (records.size() != 1) {
        throw new IllegalArgumentException("not CSV: a carriage return outside quotes");
      }
      return records.get(0).toList();
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalArgumentException("not CSV: " + e.getMessage(), e);
    }
  }
}
