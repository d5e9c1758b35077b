package io.dimee.analytics;

import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A database in memory that shows a cache's file, which it cannot change.
 *
 * <p>Safe for one thread, but for {@link #cancel()}.
 */
public final class QuerySession implements AutoCloseable {
  private static final String CACHE = "cache";
  private static final String TEMPORARY = "tmp";
  private static final Set<Integer> NUMBERS =
      Set.of(
          Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.NUMERIC,
          Types.DECIMAL,
          Types.FLOAT,
          Types.REAL,
          Types.DOUBLE);

  private static final String WINDOW = "window_start, tier, pool, policy, model_id";

  /**
   * The newest record of a window is the whole of it. A partition has its own in the order of its
   * offsets. Once the topic has more partitions, a window may continue in another than it began in:
   * its sums then have grown, and so has the time of its newest prediction.
   */
  private static final Map<String, String> ONLY =
      Map.of(
          "ledger",
          """
          SELECT * FROM (SELECT * FROM %%1$s
            QUALIFY row_number() OVER (PARTITION BY %1$s, partition ORDER BY "offset" DESC) = 1)
          QUALIFY row_number() OVER (PARTITION BY %1$s ORDER BY written_at DESC, "count" DESC) = 1
          """
              .formatted(WINDOW));

  private final Connection connection;
  private final Statement statement;
  private final CacheLock lock;

  private QuerySession(Connection connection, Statement statement, CacheLock lock) {
    this.connection = connection;
    this.statement = statement;
    this.lock = lock;
  }

  /**
   * Shows a file.
   *
   * @param connection closed with this
   * @param lock with which the file may be read; closed with this
   */
  static QuerySession attach(Connection connection, Path file, CacheLock lock)
      throws SQLException, IOException {
    try {
      Statement statement = connection.createStatement();
      // not the working directory, where others may read what a query has no memory for
      statement.execute(
          "SET temp_directory = " + DuckDb.quoted(file.resolveSibling(TEMPORARY).toString()));
      statement.execute(
          "ATTACH %s AS %s (READ_ONLY)".formatted(DuckDb.quoted(file.toString()), CACHE));
      return new QuerySession(connection, statement, lock);
    } catch (SQLException e) {
      lock.close();
      throw new SQLException(
          "cannot read the cache %s: %s; --refresh rebuilds it".formatted(file, e.getMessage()), e);
    }
  }

  /** Lets go of the file; the connection stays and can show it again. */
  void detach() throws SQLException, IOException {
    try (lock) {
      statement.execute("DETACH " + CACHE);
      statement.close();
    }
  }

  /** What the file holds of a topic, by partition. */
  Map<Integer, ReadRange> ranges(TopicState topic) throws SQLException {
    return CacheSchema.ranges(connection, CACHE + ".ranges", topic);
  }

  /** Makes the tables and views that SQL sees. */
  void show(Tables tables, TimeSpan span) throws SQLException {
    for (TopicTable<?> table : tables.topics()) {
      String rows = ONLY.getOrDefault(table.name(), "SELECT * FROM %s");
      statement.execute(
          "CREATE VIEW %s AS SELECT * FROM (%s)%s"
              .formatted(table.name(), rows.formatted(CACHE + "." + table.name()), where(span)));
    }
    for (View view : tables.views()) {
      statement.execute(view.sql());
    }
  }

  private static String where(TimeSpan span) {
    List<String> conditions = new ArrayList<>();
    if (span.since() != null) {
      conditions.add("written_at >= " + timestamp(span.since()));
    }
    if (span.until() != null) {
      conditions.add("written_at < " + timestamp(span.until()));
    }
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  private static String timestamp(Instant time) {
    return "TIMESTAMP '%s'".formatted(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
  }

  /** From now on SQL reaches no files, the cache's own excepted, and cannot undo that. */
  public void lockDown() throws SQLException {
    statement.execute("SET enable_external_access = false");
    statement.execute("SET lock_configuration = true");
  }

  /**
   * Runs SQL of the user's, one statement after the other.
   *
   * @param printers asked for one for each result
   * @throws ConfigurationException when it is wrong
   * @throws SQLException when it cannot be run to its end
   */
  public void run(String sql, Supplier<ResultPrinter> printers) throws SQLException {
    for (String one : Statements.of(sql)) {
      if (execute(one)) {
        print(printers.get());
      }
    }
  }

  private void print(ResultPrinter printer) throws SQLException {
    try (ResultSet rows = statement.getResultSet()) {
      ResultSetMetaData meta = rows.getMetaData();
      List<ResultColumn> columns = new ArrayList<>();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        columns.add(
            new ResultColumn(
                meta.getColumnLabel(i),
                NUMBERS.contains(meta.getColumnType(i))
                    || meta.getColumnTypeName(i).endsWith("HUGEINT"),
                meta.getColumnType(i) == Types.TIMESTAMP));
      }
      printer.begin(columns);
      while (rows.next()) {
        List<Object> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
          values.add(ResultValue.of(rows, i + 1, columns.get(i)));
        }
        if (!printer.row(values)) {
          break;
        }
      }
      printer.end();
    }
  }

  /** Runs SQL of the program's. */
  void command(String sql) throws SQLException {
    statement.execute(sql);
  }

  /** Rows of a table. */
  long count(String table) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private boolean execute(String sql) throws SQLException {
    try {
      return statement.execute(sql);
    } catch (SQLException e) {
      throw SqlMistake.orOther(e);
    }
  }

  /** Ends what is running, which fails; may be called by any thread at any time. */
  public void cancel() throws SQLException {
    statement.cancel();
  }

  @Override
  public void close() throws SQLException, IOException {
    // the file is let go of before the lock
    try (lock) {
      connection.close();
    }
  }
}
