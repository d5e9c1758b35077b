package io.dimee.client.events;

import io.dimee.tables.CsvRecords;
import io.dimee.tables.CsvRow;
import io.dimee.tables.Encoding;
import io.dimee.tables.FirstBytes;
import io.dimee.tables.Line;
import io.dimee.tables.LineReader;
import io.dimee.tables.LineSource;
import io.dimee.tables.UnreadableFileException;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Reads a file of events: text in UTF-8, or in UTF-16 with a byte-order mark, compressed by gzip or
 * not.
 */
public final class EventFile implements Closeable {
  /** What an array of objects begins with, on a line of its own or with the first object. */
  private static final String ARRAY_HEAD = "\\[\\s*(\\]|\\{.*)?";

  /** Bytes in which the first line shows what it is. */
  private static final int HEAD = 1_024;

  private final String name;
  private final String idPrefix;
  private final InputStream in;
  private final InputFormat format;
  private final boolean isGuess;
  private final EventColumns columns;
  private ItemReader items;

  /** The same with the name before the ids of events that bring none. */
  public EventFile(String name, InputStream in, InputFormat format) {
    this(name, name, in, format);
  }

  /**
   * Reads from a stream, which is closed with the reader.
   *
   * @param name names the input in messages
   * @param idPrefix begins the ids of events that bring none; a hyphen and the number of the line,
   *     or of the element of a JSON array, follow
   */
  public EventFile(String name, String idPrefix, InputStream in, InputFormat format) {
    this(name, idPrefix, in, format, EventColumns.USUAL);
  }

  /** The same with columns, or a JSON object's fields, of other names than the usual ones. */
  public EventFile(
      String name, String idPrefix, InputStream in, InputFormat format, EventColumns columns) {
    this(name, idPrefix, in, format, false, columns);
  }

  private EventFile(
      String name,
      String idPrefix,
      InputStream in,
      InputFormat format,
      boolean isGuess,
      EventColumns columns) {
    this.name = name;
    this.idPrefix = idPrefix;
    this.in = in;
    this.format = format;
    this.isGuess = isGuess;
    this.columns = columns;
  }

  /**
   * The same for an input of which nobody said what it is: its lines are texts, unless the first is
   * plainly another format's, which is refused.
   */
  public static EventFile ofTexts(String name, String idPrefix, InputStream in) {
    return new EventFile(name, idPrefix, in, InputFormat.text, true, EventColumns.USUAL);
  }

  /**
   * Looks at the beginning, which {@link #next} does otherwise: for an input that is all there, so
   * that one which is refused is refused before anything is started for it.
   *
   * @throws ConfigurationException when the input as a whole is not what the format says; the
   *     message says what it is
   */
  public void begin() throws IOException {
    if (items == null) {
      items = items();
    }
  }

  /**
   * Returns the next event or bad line, or null at the end. Empty lines between events are skipped.
   *
   * @throws ConfigurationException as {@link #begin} does
   */
  public InputItem next() throws IOException {
    try {
      begin();
      return items.next();
    } catch (IOException e) {
      throw new IOException("input=%s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private ItemReader items() throws IOException {
    FirstBytes.Content content = look();
    LineReader lines = new LineReader(content.in(), content.encoding());
    return switch (format) {
      case text -> texts(content, lines);
      case tsv -> lines(lines, new TsvParser(name, columns));
      case csv -> csv(lines);
      case jsonl -> json(content, lines);
    };
  }

  private FirstBytes.Content look() throws IOException {
    try {
      return FirstBytes.look("input=" + name, in);
    } catch (UnreadableFileException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  private ItemReader lines(LineSource lines, LineParser parser) {
    return new LineItems(idPrefix, lines, parser);
  }

  private ItemReader texts(FirstBytes.Content content, LineReader lines) throws IOException {
    if (isGuess) {
      InputFormat likely = FirstLine.format(firstLine(content));
      if (likely != InputFormat.text) {
        throw new ConfigurationException(
            "input=%s looks like %s; valid: --format %s, or --format text to send its lines as they are"
                .formatted(name, likely, likely));
      }
    }
    return lines(lines, (line, id) -> new InputItem.Event(id, line, null, null, Map.of()));
  }

  private ItemReader csv(LineReader lines) throws IOException {
    CsvRecords head = new CsvRecords(lines, CsvRow.DELIMITERS);
    Line header = head.next();
    while (header != null && isNoHeader(header.text())) {
      header = head.next();
    }
    if (header == null) {
      return () -> null;
    }
    if (header.text() == null || header.tooLong()) {
      throw new ConfigurationException(
          "input=%s: the header is not %s".formatted(name, header.encoding().charset()));
    }
    CsvParser parser = CsvParser.of(name, header.text(), columns);
    return lines(new CsvRecords(lines, parser.delimiter()), parser);
  }

  private static boolean isNoHeader(String line) {
    return line != null && (line.isEmpty() || CsvRow.isSeparatorLine(line));
  }

  private ItemReader json(FirstBytes.Content content, LineReader lines) throws IOException {
    String first = firstLine(content);
    if (first.equals("{")) {
      throw new ConfigurationException(
          "input=%s: the first JSON object spans several lines; valid: one object per line, or an array of objects;"
                  .formatted(name)
              + " jq -c . FILE converts it");
    }
    // a line that is an array of something else spoils only itself
    return first.matches(ARRAY_HEAD)
        ? new JsonArrayItems(idPrefix, content.in(), content.encoding(), columns)
        : lines(lines, new JsonLineParser(columns));
  }

  /** The head of the first line that is not blank, without white space around it. */
  private static String firstLine(FirstBytes.Content content) throws IOException {
    Encoding encoding = content.encoding();
    byte[] unit = new byte[encoding.width()];
    StringBuilder line = new StringBuilder();
    content.in().mark(HEAD);
    for (int read = 0; read < HEAD; read += unit.length) {
      boolean isOver = content.in().readNBytes(unit, 0, unit.length) < unit.length;
      if (isOver || (encoding.unit(unit) == '\n' && !line.toString().isBlank())) {
        break;
      }
      line.append((char) encoding.unit(unit));
    }
    content.in().reset();
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
