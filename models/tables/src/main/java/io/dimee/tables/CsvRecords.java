package io.dimee.tables;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The lines of a CSV file, of which those that a quoted cell holds together are one. A quote that
 * is never closed spoils only the line where it stands.
 */
public final class CsvRecords implements LineSource {
  private final LineSource lines;
  private final String delimiters;

  /** Lines that were read in vain, in search of the end of a quote. */
  private final Deque<Line> ahead = new ArrayDeque<>();

  /**
   * Groups lines.
   *
   * @param delimiters characters behind which a cell begins
   */
  public CsvRecords(LineSource lines, String delimiters) {
    this.lines = lines;
    this.delimiters = delimiters;
  }

  @Override
  public Line next() throws IOException {
    List<Line> record = new ArrayList<>();
    CsvState state = CsvState.BEGIN;
    long length = 0;
    do {
      Line line = ahead.isEmpty() ? lines.next() : ahead.remove();
      if (line == null) {
        return first(record);
      }
      record.add(line);
      length += line.bytes().length;
      if (length > LineReader.LIMIT || line.tooLong()) {
        return first(record);
      }
      state = state.after(line.anyText(), delimiters);
    } while (state == CsvState.QUOTED);
    return state == CsvState.BROKEN ? first(record) : joined(record);
  }

  /** The first line, with whatever is wrong with it; those behind it are read again. */
  private Line first(List<Line> record) {
    for (int i = record.size() - 1; i > 0; i--) {
      ahead.addFirst(record.get(i));
    }
    return record.isEmpty() ? null : record.get(0);
  }

  private static Line joined(List<Line> record) {
    Line first = record.get(0);
    if (record.size() == 1) {
      return first;
    }
    byte[] lineEnd = "\n".getBytes(first.encoding().charset());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(first.bytes());
    for (Line line : record.subList(1, record.size())) {
      bytes.writeBytes(lineEnd);
      bytes.writeBytes(line.bytes());
    }
    return new Line(first.number(), bytes.toByteArray(), false, first.encoding());
  }
}
