package io.dimee.calibration.data;

import io.dimee.tables.Row;
import io.dimee.tables.Split;
import io.dimee.tables.Table;
import io.dimee.tables.UnreadableFileException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The rows of one file of a data set, as a stream. */
final class LabelledFile implements Closeable {
  private final Path file;
  private final Table table;
  private final Columns columns;
  private final Reading reading;
  private long rows;
  private long malformed;
  private Row firstMalformed;

  private LabelledFile(Path file, Table table, Columns columns, Reading reading) {
    this.file = file;
    this.table = table;
    this.columns = columns;
    this.reading = reading;
  }

  /**
   * Opens a file and finds its columns.
   *
   * @throws DataException when that cannot be done
   */
  static LabelledFile open(Path file, Reading reading, TableOpener opener) {
    try {
      Table table = table(file, reading, opener);
      try {
        Columns columns = Columns.find(file.toString(), table.columns(), reading.columns());
        return new LabelledFile(file, table, columns, reading);
      } catch (DataException e) {
        table.close();
        throw e;
      }
    } catch (UnreadableFileException e) {
      throw new DataException(e.getMessage(), e);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, e), e);
    }
  }

  /** Columns that are chosen by number are those of a file without header, or below one. */
  private static Table table(Path file, Reading reading, TableOpener opener) throws IOException {
    Table table = opener.open(file, reading.layout());
    if (!reading.columns().isByNumber() || !reading.layout().hasHeader()) {
      return table;
    }
    boolean isHeader = Columns.isHeader(table.columns(), reading.columns());
    table.close();
    Table numbered = opener.open(file, reading.layout().withoutHeader());
    if (isHeader) {
      numbered.next();
    }
    return numbered;
  }

  /** Whether its rows are pairs of texts. */
  boolean isPair() {
    return columns.isPair();
  }

  /**
   * Returns the next row that is well-formed, or null at the end.
   *
   * @throws DataException when the file cannot be read, or more of it is malformed than may be
   */
  LabelledRow next() {
    try {
      while (true) {
        Row row = table.next();
        if (row == null) {
          requireFewMalformed();
          return null;
        }
        rows++;
        String fault = row.fault() == null ? missing(row) : row.fault();
        if (fault == null) {
          return labelled(row);
        }
        malformed++;
        if (firstMalformed == null) {
          firstMalformed = new Row(row.line(), row.cells(), fault);
        }
        if (reading.malformed() == 0) {
          requireFewMalformed();
        }
      }
    } catch (UnreadableFileException e) {
      throw new DataException(e.getMessage(), e);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, e), e);
    }
  }

  private String missing(Row row) {
    if (columns.text(row) == null) {
      return "the text is missing";
    }
    if (columns.isPair() && columns.pair(row) == null) {
      return "the second text is missing";
    }
    return columns.label(row) == null
        ? "column %d is missing".formatted(columns.labelNumber())
        : null;
  }

  private LabelledRow labelled(Row row) {
    Optional<Split> split = Optional.empty();
    if (columns.haveSplit() && columns.split(row) != null) {
      String name = columns.split(row);
      split =
          Optional.of(
              Split.of(name)
                  .orElseThrow(
                      () ->
                          new DataException(
                              "%s line %d: split=%s is not known; valid: train, dev (or valid, validation, val), test"
                                  .formatted(file, row.line(), name))));
    }
    return new LabelledRow(
        row.line(),
        split,
        columns.text(row),
        columns.pair(row),
        reading.labels().classOf(columns.label(row)));
  }

  private void requireFewMalformed() {
    if (malformed > reading.malformed() * rows) {
      throw new DataException(
          "%s line %d: %s%s"
              .formatted(
                  file,
                  firstMalformed.line(),
                  firstMalformed.fault(),
                  malformed == 1
                      ? ""
                      : "; %d of %d rows are malformed".formatted(malformed, rows)));
    }
  }

  /** The file. */
  Path path() {
    return file;
  }

  /** Rows that were left out so far. */
  long malformed() {
    return malformed;
  }

  /** The first of them and what is wrong with it, or null. */
  Row firstMalformed() {
    return firstMalformed;
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
