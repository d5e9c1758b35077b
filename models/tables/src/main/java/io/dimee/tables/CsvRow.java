package io.dimee.tables;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** One row of a CSV file, as RFC 4180 writes it. */
public final class CsvRow {
  /** What spreadsheets put between cells; the header tells which. */
  public static final String DELIMITERS = ",;\t|";

  /** Excel's own way to say what stands between the cells of a file; the header says it too. */
  private static final String SEPARATOR_LINE = "\"?sep=.\"?";

  /** By what stands between cells; to build one takes longer than to read a short row. */
  private static final Map<Character, CSVFormat> FORMATS =
      DELIMITERS
          .chars()
          .mapToObj(c -> (char) c)
          .collect(
              Collectors.toMap(
                  delimiter -> delimiter,
                  delimiter -> CSVFormat.RFC4180.builder().setDelimiter(delimiter).get()));

  private CsvRow() {}

  /** Whether a line before the header only says what stands between cells. */
  public static boolean isSeparatorLine(String line) {
    return line.matches(SEPARATOR_LINE);
  }

  /**
   * What stands between a header's cells: what makes a header of it, or else what makes most cells
   * of it.
   *
   * @param isHeader whether cells are plainly a header
   */
  public static char likelyDelimiter(String header, Predicate<List<String>> isHeader) {
    char likely = DELIMITERS.charAt(0);
    int most = 1;
    for (int i = 0; i < DELIMITERS.length(); i++) {
      char candidate = DELIMITERS.charAt(i);
      if (isWhole(header, candidate)) {
        List<String> names = cells(header, candidate);
        if (isHeader.test(names)) {
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

  /**
   * Divides a row.
   *
   * @throws IllegalArgumentException when it is not CSV; the message says how
   */
  public static List<String> cells(String row, char delimiter) {
    if (!isWhole(row, delimiter)) {
      throw new IllegalArgumentException(
          "not CSV: a quote is not closed, or one within a cell is not doubled");
    }
    try (CSVParser parser = CSVParser.parse(row, FORMATS.get(delimiter))) {
      List<CSVRecord> records = parser.getRecords();
      if (records.size() != 1) {
        throw new IllegalArgumentException("not CSV: a carriage return outside quotes");
      }
      return records.get(0).toList();
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalArgumentException("not CSV: " + e.getMessage(), e);
    }
  }

  private static boolean isWhole(String row, char delimiter) {
    CsvState end = CsvState.BEGIN.after(row, String.valueOf(delimiter));
    return end != CsvState.QUOTED && end != CsvState.BROKEN;
  }
}
