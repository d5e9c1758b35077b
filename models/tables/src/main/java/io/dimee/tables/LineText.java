package io.dimee.tables;

/** The text of a line that has to be readable. */
final class LineText {
  private LineText() {}

  /**
   * Decodes a line.
   *
   * @param name of the file
   * @throws UnreadableFileException when it is in another encoding, or longer than is kept
   */
  static String of(String name, Line line) {
    if (line.tooLong()) {
      throw new UnreadableFileException(
          "%s line %d is longer than %d bytes".formatted(name, line.number(), LineReader.LIMIT));
    }
    String text = line.text();
    if (text == null) {
      throw new UnreadableFileException(
          "%s line %d is not %s; iconv -f WINDOWS-1252 -t UTF-8 converts a file from Windows"
              .formatted(name, line.number(), line.encoding().charset()));
    }
    return text;
  }
}
