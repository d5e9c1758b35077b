package io.dimee.deploy.cli;

import io.dimee.deploy.analytics.ResultColumn;
import io.dimee.deploy.analytics.ResultPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** A result as CSV (RFC 4180) with a header; null is an empty cell, nested values are JSON. */
final class CsvResult implements ResultPrinter {
  private final CellText text = new CellText();
  private final PrintWriter out;
  private final CSVPrinter csv;

  CsvResult(PrintWriter out) {
    this.out = out;
    try {
      this.csv = new CSVPrinter(out, CSVFormat.RFC4180);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void begin(List<ResultColumn> columns) {
    print(columns.stream().map(ResultColumn::name).toList());
  }

  @Override
  public boolean row(List<Object> values) {
    print(values.stream().map(text::of).toList());
    return !out.checkError();
  }

  private void print(List<String> cells) {
    try {
      csv.printRecord(cells);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void end() {
    out.flush();
  }
}
