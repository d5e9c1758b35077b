package io.dimee.deploy.events;

import io.dimee.avro.Reason;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Reads a file of events, line by line. */
public final class EventFile implements Closeable {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String name;
  private final LineReader lines;
  private final LineParser parser;

  /**
   * Reads from a stream, which is closed with the reader.
   *
   * @param name begins the ids of events that bring none
   */
  public EventFile(String name, InputStream in, InputFormat format) {
    this.name = name;
    this.lines = new LineReader(new BufferedInputStream(in));
    this.parser = LineParser.of(format);
  }

  /**
   * Returns the next event or bad line, or null at the end. Empty lines between events are skipped.
   */
  public InputItem next() throws IOException {
    while (true) {
      LineReader.Line line = lines.next();
      if (line == null) {
        return null;
      }
      InputItem item = item(line);
      if (item != null) {
        return item;
      }
    }
  }

  private InputItem item(LineReader.Line line) {
    String id = name + "-" + line.number();
    if (line.tooLong()) {
      return bad(
          id,
          line,
          Reason.RECORD_TOO_LARGE,
          "line %d is longer than %d bytes".formatted(line.number(), LineReader.LIMIT));
    }
    String text = line.text();
    if (text == null) {
      return bad(
          id, line, Reason.UNREADABLE_RECORD, "line %d is not UTF-8".formatted(line.number()));
    }
    if (line.number() == 1 && text.startsWith(BYTE_ORDER_MARK)) {
      text = text.substring(BYTE_ORDER_MARK.length());
    }
    if (text.isEmpty()) {
      return null;
    }
    try {
      return parser.parse(text, id);
    } catch (IllegalArgumentException e) {
      return bad(
          id, line, Reason.INVALID_EVENT, "line %d: %s".formatted(line.number(), e.getMessage()));
    }
  }

  private static InputItem.BadLine bad(
      String id, LineReader.Line line, Reason reason, String message) {
    return new InputItem.BadLine(id, line.number(), reason, message, line.bytes());
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
