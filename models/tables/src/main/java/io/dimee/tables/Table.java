package io.dimee.tables;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Rows of a file, read one after the other. */
public interface Table extends Closeable {
  /** Names of the columns; their numbers from 1 where the file does not name them. */
  List<String> columns();

  /**
   * Returns the next row, or null at the end. Empty lines between rows are skipped.
   *
   * @throws UnreadableFileException when the file cannot be read from here on
   */
  Row next() throws IOException;
}
