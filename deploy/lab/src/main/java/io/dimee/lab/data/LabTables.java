package io.dimee.lab.data;

import io.dimee.tables.Table;
import io.dimee.tables.TableFile;
import io.dimee.tables.TableFormat;
import java.io.IOException;
import java.nio.file.Path;

/** Opens text files and Parquet. */
public final class LabTables {
  private LabTables() {}

  /** Opens a file of rows. */
  public static Table open(Path file, TableFile.Layout layout) throws IOException {
    TableFormat format = layout.format().or(() -> TableFormat.ofName(file)).orElse(TableFormat.csv);
    return format == TableFormat.parquet ? ParquetTable.open(file) : TableFile.open(file, layout);
  }
}
