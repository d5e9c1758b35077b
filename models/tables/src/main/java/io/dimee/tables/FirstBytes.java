package io.dimee.tables;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** What the first bytes of an input say about the rest. */
public final class FirstBytes {
  /** As many as are looked at, if so many have come. */
  private static final int MOST = 64;

  /** Enough for every byte-order mark. */
  private static final int LEAST = 4;

  private static final String GZIP = "\u001F\u008B";

  /** Files that are no text, each with the way out. */
  private static final List<Kind> OTHERS =
      List.of(
          new Kind("PK\u0003\u0004", "a ZIP archive or an Excel workbook", "save it as CSV UTF-8"),
          new Kind("\u00D0\u00CF\u0011\u00E0", "an Excel workbook", "save it as CSV UTF-8"),
          new Kind("PAR1\u0015", "a Parquet file", "write it as CSV or JSON lines"),
          new Kind("Obj\u0001", "an Avro file", "write it as JSON lines"),
          new Kind("(\u00B5/\u00FD", "compressed", "zstd -dc FILE | dimee ... --input -"),
          new Kind("\u00FD7zXZ\u0000", "compressed", "xz -dc FILE | dimee ... --input -"),
          new Kind("BZh91AY&SY", "compressed", "bzip2 -dc FILE | dimee ... --input -"));

  /** What a file in another encoding may begin with; UTF-32LE's mark begins with UTF-16LE's. */
  private static final List<Mark> MARKS =
      List.of(
          new Mark("\u00FF\u00FE\u0000\u0000", "UTF-32LE", null),
          new Mark("\u0000\u0000\u00FE\u00FF", "UTF-32BE", null),
          new Mark("\u00FF\u00FE", "UTF-16LE", Encoding.UTF_16LE),
          new Mark("\u00FE\u00FF", "UTF-16BE", Encoding.UTF_16BE),
          new Mark("\u00EF\u00BB\u00BF", "UTF-8", Encoding.UTF_8));

  /** Characters that have no NUL in UTF-16 are few in a text that is mostly Latin. */
  private static final double SHARE_OF_NULS = 0.7;

  private FirstBytes() {}

  /**
   * An input that can be read.
   *
   * @param in what follows the byte-order mark
   */
  public record Content(BufferedInputStream in, Encoding encoding) {}

  /**
   * A kind of file that is no text.
   *
   * @param head bytes that it begins with, as Latin-1
   */
  private record Kind(String head, String what, String wayOut) {}

  /**
   * A byte-order mark.
   *
   * @param head its bytes, as Latin-1
   * @param encoding null when it is not read
   */
  private record Mark(String head, String name, Encoding encoding) {}

  /**
   * Looks at the beginning; waits for a few bytes or the first line's end.
   *
   * @param name begins messages
   * @throws UnreadableFileException when the input is no text, or in an encoding that is not read
   */
  public static Content look(String name, InputStream input) throws IOException {
    BufferedInputStream in = new BufferedInputStream(input);
    in.mark(MOST);
    String head = head(in);
    in.reset();
    if (head.startsWith(GZIP)) {
      return look(name, new GZIPInputStream(new UntilEnd(in)));
    }
    for (Kind kind : OTHERS) {
      if (head.startsWith(kind.head())) {
        throw new UnreadableFileException(
            "%s is %s, not text; %s".formatted(name, kind.what(), kind.wayOut()));
      }
    }
    for (Mark mark : MARKS) {
      if (head.startsWith(mark.head())) {
        if (mark.encoding() == null) {
          throw refused(name, mark.name(), "");
        }
        in.skipNBytes(mark.head().length());
        return new Content(in, mark.encoding());
      }
    }
    String unmarked = withNuls(head);
    if (unmarked != null) {
      throw refused(name, unmarked, " without a byte-order mark");
    }
    return new Content(in, Encoding.UTF_8);
  }

  private static UnreadableFileException refused(String name, String encoding, String detail) {
    return new UnreadableFileException(
        "%s is %s%s; valid: UTF-8, or UTF-16 with a byte-order mark; iconv -f %s -t UTF-8 converts it"
            .formatted(name, encoding, detail, encoding));
  }

  private static String head(InputStream in) throws IOException {
    byte[] bytes = new byte[MOST];
    int length = 0;
    while (length < LEAST && latin(bytes, length).indexOf('\n') < 0) {
      int read = in.read(bytes, length, MOST - length);
      if (read < 0) {
        break;
      }
      length += read;
    }
    return latin(bytes, length);
  }

  private static String latin(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  /** The encoding that leaves NULs at such places, or null. */
  private static String withNuls(String head) {
    if (head.length() < LEAST) {
      return null;
    }
    if (head.startsWith("\0\0\0") && head.charAt(3) != 0) {
      return "UTF-32BE";
    }
    if (head.startsWith("\0\0\0", 1) && head.charAt(0) != 0) {
      return "UTF-32LE";
    }
    int pairs = head.length() / 2;
    int[] nuls = new int[2];
    for (int i = 0; i < 2 * pairs; i++) {
      nuls[i % 2] += head.charAt(i) == 0 ? 1 : 0;
    }
    if (nuls[0] == 0 && nuls[1] >= SHARE_OF_NULS * pairs) {
      return "UTF-16LE";
    }
    return nuls[1] == 0 && nuls[0] >= SHARE_OF_NULS * pairs ? "UTF-16BE" : null;
  }

  /**
   * Has something available until its end: between two members, gzip's reader takes none for it.
   */
  private static final class UntilEnd extends FilterInputStream {
    UntilEnd(BufferedInputStream in) {
      super(in);
    }

    @Override
    public int available() throws IOException {
      in.mark(1);
      boolean isEnd = in.read() < 0;
      in.reset();
      return isEnd ? 0 : 1;
    }
  }
}
