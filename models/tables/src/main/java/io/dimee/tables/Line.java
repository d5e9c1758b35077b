package io.dimee.tables;

/**
 * One line of an input, or several that belong together.
 *
 * @param number of the first, from 1
 * @param bytes without the line's end
 * @param tooLong whether more followed than was kept
 */
@SuppressWarnings("ArrayRecordComponent") // carries a line's bytes; never compared
public record Line(long number, byte[] bytes, boolean tooLong, Encoding encoding) {
  /** The text, or null when the bytes are not in the input's encoding. */
  public String text() {
    return encoding.text(bytes);
  }

  /** The same with U+FFFD for what is in another encoding. */
  public String anyText() {
    return new String(bytes, encoding.charset());
  }
}
