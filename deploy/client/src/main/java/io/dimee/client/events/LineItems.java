package io.dimee.client.events;

import io.dimee.avro.Reason;
import io.dimee.tables.Line;
import io.dimee.tables.LineReader;
import io.dimee.tables.LineSource;
import java.io.IOException;

/** An input with one event a line. */
final class LineItems implements ItemReader {
  private final String idPrefix;
  private final LineSource lines;
  private final LineParser parser;

  LineItems(String idPrefix, LineSource lines, LineParser parser) {
    this.idPrefix = idPrefix;
    this.lines = lines;
    this.parser = parser;
  }

  @Override
  public InputItem next() throws IOException {
    while (true) {
      Line line = lines.next();
      if (line == null) {
        return null;
      }
      InputItem item = item(line);
      if (item != null) {
        return item;
      }
    }
  }

  private InputItem item(Line line) {
    String id = idPrefix + "-" + line.number();
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
          id,
          line,
          Reason.UNREADABLE_RECORD,
          "line %d is not %s".formatted(line.number(), line.encoding().charset()));
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

  private static InputItem.BadLine bad(String id, Line line, Reason reason, String message) {
    return new InputItem.BadLine(id, line.number(), reason, message, line.bytes());
  }
}
