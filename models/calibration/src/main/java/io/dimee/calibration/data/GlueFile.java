package io.dimee.calibration.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads a GLUE task's tab-separated file. */
public final class GlueFile {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private GlueFile() {}

  /**
   * Reads all rows.
   *
   * @throws DataException naming file, line and column of the first row that cannot be used
   */
  public static List<Example> read(GlueTask task, Path file) {
    // GLUE files do not quote: a field may begin with a bare quotation mark
    CSVFormat format =
        CSVFormat.TDF.builder().setQuote(null).setIgnoreSurroundingSpaces(false).get();
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      skipByteOrderMark(reader);
      try (CSVParser parser = CSVParser.parse(reader, format)) {
        return rows(task, file, parser);
      }
    } catch (CharacterCodingException e) {
      throw notUtf8(file, e);
    } catch (UncheckedIOException e) {
      // the parser's iterator wraps what the reader throws
      if (e.getCause() instanceof CharacterCodingException) {
        throw notUtf8(file, e);
      }
      throw new DataException("cannot read %s: %s".formatted(file, e.getCause()), e);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, e), e);
    }
  }

  private static DataException notUtf8(Path file, Exception cause) {
    return new DataException(
        "%s is not UTF-8; if it comes from Windows, iconv -f UTF-16 -t UTF-8 converts it"
            .formatted(file),
        cause);
  }

  private static void skipByteOrderMark(BufferedReader reader) throws IOException {
    reader.mark(1);
    if (reader.read() != BYTE_ORDER_MARK) {
      reader.reset();
    }
  }

  private static List<Example> rows(GlueTask task, Path file, CSVParser parser) {
    List<Example> examples = new ArrayList<>();
    Columns columns = task.hasHeader() ? null : Columns.numbered(task);
    for (CSVRecord row : parser) {
      if (columns == null) {
        columns = Columns.named(task, file, row.toList());
      } else {
        examples.add(columns.read(task, file, parser.getCurrentLineNumber(), row));
      }
    }
    if (examples.isEmpty()) {
      throw new DataException(file + " has no rows");
    }
    return examples;
  }

  /**
   * Zero-based columns; -1 for one that is not there.
   *
   * @param count columns of a row at most
   */
  private record Columns(int text, int pair, int label, int count) {
    private static final int COUNT_WITHOUT_HEADER = 4;

    static Columns numbered(GlueTask task) {
      return new Columns(
          Integer.parseInt(task.text()), -1, Integer.parseInt(task.label()), COUNT_WITHOUT_HEADER);
    }

    static Columns named(GlueTask task, Path file, List<String> header) {
      return new Columns(
          find(file, header, task.text()),
          task.pair() == null ? -1 : find(file, header, task.pair()),
          find(file, header, task.label()),
          header.size());
    }

    /** Class of a label; tools that work on tables write integers as decimals. */
    private static int label(GlueTask task, String code) {
      int exact = task.codes().indexOf(code);
      return exact >= 0 ? exact : task.codes().indexOf(code.replaceFirst("\\.0+$", ""));
    }

    private static int find(Path file, List<String> header, String name) {
      int index = header.indexOf(name);
      if (index < 0) {
        throw new DataException(
            "%s line 1: no column %s in the header %s".formatted(file, name, header));
      }
      return index;
    }

    Example read(GlueTask task, Path file, long line, CSVRecord row) {
      if (row.stream().skip(count).anyMatch(cell -> !cell.isBlank())) {
        throw new DataException(
            "%s line %d: the row has %d columns; valid: %d"
                .formatted(file, line, row.size(), count));
      }
      int label = label(task, field(file, line, row, this.label));
      if (label < 0) {
        throw new DataException(
            "%s line %d column %d: label %s is not one of %s"
                .formatted(file, line, this.label + 1, row.get(this.label), task.codes()));
      }
      return new Example(
          field(file, line, row, text),
          pair < 0 ? null : field(file, line, row, pair),
          label,
          line);
    }

    private static String field(Path file, long line, CSVRecord row, int column) {
      if (column >= row.size()) {
        throw new DataException(
            "%s line %d: column %d is missing".formatted(file, line, column + 1));
      }
      return row.get(column);
    }
  }
}
