package io.dimee.calibration.data;

import io.dimee.tables.Table;
import io.dimee.tables.TableFile;
import java.io.IOException;
import java.nio.file.Path;

/** Opens a file of rows; what opens more than text files does so by a library of its own. */
@FunctionalInterface
public interface TableOpener {
  /** Opens a file. */
  Table open(Path file, TableFile.Layout layout) throws IOException;
}
