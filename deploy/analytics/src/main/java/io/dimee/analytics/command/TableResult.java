package io.dimee.analytics.command;

import io.dimee.analytics.ResultColumn;
import io.dimee.analytics.ResultPrinter;
import io.dimee.console.Printable;
import io.dimee.console.Table;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** The head of a result as a table for people. */
final class TableResult implements ResultPrinter {
  private static final int MOST_ROWS = 1_000;
  private static final int WIDEST = 60;
  private static final int DIGITS = 6;

  private final CellText text = new CellText();
  private final List<ResultColumn> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();
  private final PrintWriter out;
  private boolean isCut;

  TableResult(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(List<ResultColumn> all) {
    columns.addAll(all);
  }

  @Override
  public boolean row(List<Object> values) {
    if (rows.size() == MOST_ROWS) {
      isCut = true;
      return false;
    }
    rows.add(values.stream().map(this::cell).toList());
    return true;
  }

  private String cell(Object value) {
    if (value == null) {
      return "-";
    }
    String whole =
        value instanceof Double || value instanceof Float ? rounded(value) : text.of(value);
    String line = Printable.line(whole);
    if (line.codePointCount(0, line.length()) <= WIDEST) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, WIDEST - 1)) + "…";
  }

  /** Six digits behind the point at most, and six that count of what is smaller than one. */
  private static String rounded(Object value) {
    double number = ((Number) value).doubleValue();
    if (!Double.isFinite(number)) {
      return value.toString();
    }
    BigDecimal exact = new BigDecimal(value.toString());
    BigDecimal rounded =
        Math.abs(number) < 1
            ? exact.round(new MathContext(DIGITS))
            : exact.setScale(DIGITS, RoundingMode.HALF_EVEN);
    String plain = rounded.stripTrailingZeros().toPlainString();
    // 1e-300 has no short form without an exponent
    return plain.length() > WIDEST ? value.toString() : plain;
  }

  @Override
  public void end() {
    Table<List<String>> table = new Table<>();
    for (int i = 0; i < columns.size(); i++) {
      int index = i;
      String name = columns.get(i).name();
      if (columns.get(i).isNumber()) {
        table.number(name, row -> row.get(index));
      } else {
        table.text(name, row -> row.get(index));
      }
    }
    out.println(table.of(rows));
    if (isCut) {
      out.printf("first %,d rows only; --csv and --json print all%n", MOST_ROWS);
    }
  }
}
