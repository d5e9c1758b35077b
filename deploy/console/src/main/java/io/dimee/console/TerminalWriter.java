package io.dimee.console;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;

/**
 * Standard output or standard error as commands print to it: whatever they print, a terminal shows
 * it as text. An argument of {@code printf} and a text of {@code println} is one line ({@link
 * Printable}); a {@link Table} is the one thing that has several. JSON that is written here stays
 * exact, for what is changed in it is spelled as JSON spells it.
 */
public final class TerminalWriter extends PrintWriter {
  private static final String LINES = "\n\t";
  private static final String LINE = "\t";

  private final PrintWriter exact;

  /** Prints to a writer, and flushes where that one would. */
  public TerminalWriter(PrintWriter exact) {
    super(exact, true);
    this.exact = exact;
  }

  /**
   * The writer below, which changes nothing: for a format that is read by programs and can spell
   * nothing.
   */
  public static PrintWriter exact(PrintWriter out) {
    return out instanceof TerminalWriter writer ? writer.exact : out;
  }

  @Override
  public void println(String text) {
    super.println(text == null ? null : Printable.spelled(text, LINE));
  }

  @Override
  public void println(Object value) {
    if (value instanceof Table.Lines lines) {
      super.println(lines.toString());
    } else {
      println(String.valueOf(value));
    }
  }

  @Override
  public PrintWriter format(String format, Object... args) {
    return super.format(format, shown(args));
  }

  @Override
  public PrintWriter format(Locale locale, String format, Object... args) {
    return super.format(locale, format, shown(args));
  }

  private static Object[] shown(Object... args) {
    return Arrays.stream(args).map(TerminalWriter::shown).toArray();
  }

  /** What is safe keeps its type, since the format may ask for it. */
  private static Object shown(Object arg) {
    String text = String.valueOf(arg);
    String line = Printable.line(text);
    return line.equals(text) ? arg : line;
  }

  @Override
  public void write(int c) {
    write(String.valueOf((char) c));
  }

  @Override
  public void write(char[] buffer, int offset, int length) {
    write(String.valueOf(buffer, offset, length));
  }

  @Override
  public void write(String text, int offset, int length) {
    String part = text.substring(offset, offset + length);
    String shown = Printable.spelled(part, LINES);
    super.write(shown, 0, shown.length());
  }

  @Override
  public void write(String text) {
    write(text, 0, text.length());
  }
}
