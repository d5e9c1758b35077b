package io.dimee.tables;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** How the characters of an input are written as bytes. */
public enum Encoding {
  UTF_8(StandardCharsets.UTF_8, 1),
  UTF_16LE(StandardCharsets.UTF_16LE, 2),
  UTF_16BE(StandardCharsets.UTF_16BE, 2);

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Charset charset;
  private final int width;

  Encoding(Charset charset, int width) {
    this.charset = charset;
    this.width = width;
  }

  /** The character set. */
  public Charset charset() {
    return charset;
  }

  /** Bytes of a line's end, and the step at which one may stand. */
  public int width() {
    return width;
  }

  /** The code of {@link #width} bytes; a byte of a longer sequence is no line's end in UTF-8. */
  public int unit(byte[] bytes) {
    return switch (this) {
      case UTF_8 -> bytes[0] & 0xFF;
      case UTF_16LE -> (bytes[0] & 0xFF) | ((bytes[1] & 0xFF) << 8);
      case UTF_16BE -> (bytes[1] & 0xFF) | ((bytes[0] & 0xFF) << 8);
    };
  }

  /**
   * The text, or null when the bytes are not in this encoding. A byte-order mark at its beginning
   * is left out: there is one in the middle of files that were put one behind the other.
   */
  public String text(byte[] bytes) {
    try {
      String text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
