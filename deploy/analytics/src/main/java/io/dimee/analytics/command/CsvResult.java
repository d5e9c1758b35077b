package io.dimee.analytics.command;

import io.dimee.analytics.ResultColumn;
import io.dimee.analytics.ResultPrinter;
import io.dimee.console.Printable;
import io.dimee.console.TerminalWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * A result as CSV (RFC 4180) with a header; null is an empty cell, nested values are JSON. CSV can
 * spell nothing, so what is no terminal gets cells as they are.
 */
final class CsvResult implements ResultPrinter {
  private final CellText text = new CellText();
  private final UnaryOperator<String> shown;
  private final PrintWriter out;
  private final CSVPrinter csv;

  CsvResult(PrintWriter out, boolean isTerminal) {
    this.out = TerminalWriter.exact(out);
    this.shown = isTerminal ? Printable::line : UnaryOperator.identity();
    try {
      this.csv = new CSVPrinter(this.out, CSVFormat.RFC4180);
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
      csv.printRecord(cells.stream().map(shown).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void end() {
    out.flush();
  }
}
