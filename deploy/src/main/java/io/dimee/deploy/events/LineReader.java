package io.dimee.deploy.events;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads lines as bytes, so that one that is not UTF-8, or far too long, spoils only itself. */
final class LineReader implements Closeable {
  /** Longest line that is kept; the rest of a longer one is skipped. */
  static final int LIMIT = 16 * 1024 * 1024;

  private final InputStream in;
  private long number;

  LineReader(InputStream in) {
    this.in = in;
  }

  /**
   * One line.
   *
   * @param number from 1
   * @param bytes without the line's end
   * @param tooLong whether more followed than was kept
   */
  @SuppressWarnings("ArrayRecordComponent") // carries a line's bytes; never compared
  record Line(long number, byte[] bytes, boolean tooLong) {
    /** The text, or null when the bytes are not UTF-8. */
    String text() {
      try {
        return StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(bytes))
            .toString();
      } catch (CharacterCodingException e) {
        return null;
      }
    }
  }

  /** Returns the next line, or null at the end. */
  Line next() throws IOException {
    int b = in.read();
    if (b < 0) {
      return null;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean tooLong = false;
    while (b >= 0 && b != '\n') {
      if (line.size() < LIMIT) {
        line.write(b);
      } else {
        tooLong = true;
      }
      b = in.read();
    }
    byte[] bytes = line.toByteArray();
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\r') {
      bytes = Arrays.copyOf(bytes, length - 1);
    }
    number++;
    return new Line(number, bytes, tooLong);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
