package io.dimee.tables;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;

/**
 * Reads lines as bytes, so that one that is in another encoding, or far too long, spoils only
 * itself. Lines end in LF or CR LF; in an input without any LF they end in CR.
 */
public final class LineReader implements LineSource, Closeable {
  /** Longest line that is kept; the rest of a longer one is skipped. */
  public static final int LIMIT = 16 * 1024 * 1024;

  private final Encoding encoding;
  private final byte[] unit;
  private InputStream in;
  private int end = '\n';
  private long number;

  /** Begins behind the byte-order mark. */
  public LineReader(InputStream in, Encoding encoding) {
    this.in = in;
    this.encoding = encoding;
    this.unit = new byte[encoding.width()];
  }

  @Override
  public Line next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean tooLong = false;
    boolean hasCarriageReturn = false;
    int length = read();
    if (length == 0) {
      return null;
    }
    while (length > 0 && !isUnit(length, end)) {
      if (line.size() < LIMIT) {
        line.write(unit, 0, length);
        hasCarriageReturn |= isUnit(length, '\r');
      } else if (endsInCarriageReturns(hasCarriageReturn)) {
        return again(line.toByteArray(), Arrays.copyOf(unit, length));
      } else {
        tooLong = true;
      }
      length = read();
    }
    if (length == 0 && endsInCarriageReturns(hasCarriageReturn)) {
      return again(line.toByteArray(), new byte[0]);
    }
    number++;
    return new Line(number, withoutCarriageReturn(line.toByteArray()), tooLong, encoding);
  }

  /** Whether no LF was found where the first line should end, but a CR was. */
  private boolean endsInCarriageReturns(boolean hasCarriageReturn) {
    return number == 0 && end == '\n' && hasCarriageReturn;
  }

  private Line again(byte[] head, byte[] next) throws IOException {
    end = '\r';
    in =
        new SequenceInputStream(
            new ByteArrayInputStream(head),
            new SequenceInputStream(new ByteArrayInputStream(next), in));
    return next();
  }

  /** Reads the next unit; returns how many of its bytes there were. */
  private int read() throws IOException {
    if (unit.length > 1) {
      return in.readNBytes(unit, 0, unit.length);
    }
    int b = in.read();
    unit[0] = (byte) b;
    return b < 0 ? 0 : 1;
  }

  private boolean isUnit(int length, int code) {
    return length == unit.length && encoding.unit(unit) == code;
  }

  private byte[] withoutCarriageReturn(byte[] line) {
    int rest = line.length - unit.length;
    if (rest < 0 || rest % unit.length != 0) {
      return line;
    }
    byte[] last = Arrays.copyOfRange(line, rest, line.length);
    return encoding.unit(last) == '\r' ? Arrays.copyOf(line, rest) : line;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
