package io.dimee.console;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A table for people: text to the left, numbers to the right, no lines. A cell shows what is not to
 * be sent to a terminal as {@link Printable} spells it.
 *
 * @param <T> what a row shows
 */
public final class Table<T> {
  private static final int WIDEST = 80;

  private final List<ColumnData<T>> columns = new ArrayList<>();

  /**
   * Adds a column of text.
   *
   * @param header null in all columns for a table without headers
   */
  public Table<T> text(String header, Function<T, String> value) {
    return column(header, HorizontalAlign.LEFT, value);
  }

  /** Adds a column of numbers. */
  public Table<T> number(String header, Function<T, String> value) {
    return column(header, HorizontalAlign.RIGHT, value);
  }

  private Table<T> column(String header, HorizontalAlign align, Function<T, String> value) {
    columns.add(
        new Column()
            .header(header == null ? null : Printable.line(header))
            .headerAlign(align)
            .dataAlign(align)
            .maxWidth(WIDEST)
            .with(row -> cell(value.apply(row))));
    return this;
  }

  private static String cell(String value) {
    return value == null ? "" : Printable.line(value);
  }

  /** The table of these rows. */
  public Lines of(List<T> rows) {
    return new Lines(
        AsciiTable.builder()
            .border(AsciiTable.NO_BORDERS)
            .data(rows, List.copyOf(columns))
            .asString());
  }

  /** A table as it is printed; only tables make them, so they hold nothing that is not safe. */
  public static final class Lines {
    private final String text;

    private Lines(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** A fraction in per cent. */
  public static String percent(double fraction, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f %%", 100 * fraction);
  }

  /** A number with two digits behind the point. */
  public static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
