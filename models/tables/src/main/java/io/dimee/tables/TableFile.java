package io.dimee.tables;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens files of rows. */
public final class TableFile {
  /** What fastText's own tools put before a label. */
  public static final String FASTTEXT_PREFIX = "__label__";

  /** Bytes in which the first line shows what it is. */
  private static final int HEAD = 4_096;

  private TableFile() {}

  /**
   * How to read a file.
   *
   * @param format empty for what the file's name or else its first line tells
   * @param hasHeader whether the first row of a CSV or TSV file names the columns
   * @param labelPrefix what stands before the labels of fastText lines; may be empty
   */
  public record Layout(Optional<TableFormat> format, boolean hasHeader, String labelPrefix) {
    /** Told by the file itself, with a header. */
    public static final Layout DEFAULT = new Layout(Optional.empty(), true, FASTTEXT_PREFIX);

    /** The same for a file of which the first row is not a header. */
    public Layout withoutHeader() {
      return new Layout(format, false, labelPrefix);
    }
  }

  /**
   * Opens a text file, which is closed with the table.
   *
   * @throws UnreadableFileException when it is not what the layout says; the message says what is
   */
  public static Table open(Path file, Layout layout) throws IOException {
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw new UnreadableFileException(name + " is a directory, not a file");
    }
    InputStream in;
    try {
      in = Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      throw new UnreadableFileException(name + " does not exist", e);
    }
    try {
      FirstBytes.Content content = FirstBytes.look(name, in);
      TableFormat format =
          layout
              .format()
              .or(() -> TableFormat.ofName(file))
              .orElseGet(() -> ofFirstLine(name, content));
      LineReader lines = new LineReader(content.in(), content.encoding());
      return switch (format) {
        case csv -> DelimitedTable.csv(name, lines, layout.hasHeader());
        case tsv -> DelimitedTable.tsv(name, lines, layout.hasHeader());
        case fasttext -> new FastTextTable(name, lines, layout.labelPrefix());
        case jsonl -> new JsonTable(name, content);
        case parquet -> throw new UnreadableFileException(name + " is not a Parquet file");
      };
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  private static TableFormat ofFirstLine(String name, FirstBytes.Content content) {
    String line = firstLine(name, content);
    if (line.startsWith(FASTTEXT_PREFIX)) {
      return TableFormat.fasttext;
    }
    if (line.startsWith("{") || line.startsWith("[")) {
      return TableFormat.jsonl;
    }
    if (line.indexOf('\t') >= 0) {
      return TableFormat.tsv;
    }
    throw new UnreadableFileException(
        "%s: neither its name nor its first line tells its format; valid: --format csv, tsv, jsonl or fasttext"
            .formatted(name));
  }

  private static String firstLine(String name, FirstBytes.Content content) {
    BufferedInputStream in = content.in();
    try {
      in.mark(HEAD);
      byte[] head = in.readNBytes(HEAD);
      in.reset();
      // a sequence that is cut at the end does no harm here
      String text = new String(head, content.encoding().charset());
      return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    } catch (IOException e) {
      throw new UnreadableFileException("cannot read %s: %s".formatted(name, e), e);
    }
  }
}
