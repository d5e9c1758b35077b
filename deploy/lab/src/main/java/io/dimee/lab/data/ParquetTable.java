package io.dimee.lab.data;

import io.dimee.tables.Row;
import io.dimee.tables.Table;
import io.dimee.tables.UnreadableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A Parquet file, read by DuckDB: values as text, lists joined by commas. */
final class ParquetTable implements Table {
  private final String name;
  private final Connection duckDb;
  private final PreparedStatement statement;
  private final ResultSet rows;
  private final List<String> columns;
  private long number;

  private ParquetTable(
      String name,
      Connection duckDb,
      PreparedStatement statement,
      ResultSet rows,
      List<String> columns) {
    this.name = name;
    this.duckDb = duckDb;
    this.statement = statement;
    this.rows = rows;
    this.columns = columns;
  }

  static ParquetTable open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new UnreadableFileException(file + " does not exist");
    }
    try {
      Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
      try {
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        try (PreparedStatement describe =
            duckDb.prepareStatement("DESCRIBE SELECT * FROM read_parquet(?)")) {
          describe.setString(1, file.toString());
          try (ResultSet found = describe.executeQuery()) {
            while (found.next()) {
              String column = found.getString("column_name");
              String quoted = '"' + column.replace("\"", "\"\"") + '"';
              boolean isList = found.getString("column_type").endsWith("[]");
              columns.add(column);
              values.add(
                  isList
                      ? "array_to_string(%s, ',')".formatted(quoted)
                      : "CAST(%s AS VARCHAR)".formatted(quoted));
            }
          }
        }
        PreparedStatement select =
            duckDb.prepareStatement(
                "SELECT %s FROM read_parquet(?)"
                    .formatted(values.stream().collect(Collectors.joining(", "))));
        select.setString(1, file.toString());
        return new ParquetTable(
            file.toString(), duckDb, select, select.executeQuery(), List.copyOf(columns));
      } catch (SQLException e) {
        duckDb.close();
        throw e;
      }
    } catch (SQLException e) {
      throw unreadable(file.toString(), e);
    }
  }

  private static UnreadableFileException unreadable(String name, SQLException e) {
    String why = e.getMessage().lines().findFirst().orElse("");
    return new UnreadableFileException("cannot read %s as Parquet: %s".formatted(name, why), e);
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Row next() {
    try {
      if (!rows.next()) {
        return null;
      }
      List<String> cells = new ArrayList<>(columns.size());
      for (int column = 1; column <= columns.size(); column++) {
        cells.add(rows.getString(column));
      }
      return new Row(++number, cells, null);
    } catch (SQLException e) {
      throw unreadable(name, e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      rows.close();
      statement.close();
      duckDb.close();
    } catch (SQLException e) {
      throw new IOException("cannot close " + name, e);
    }
  }
}
