package io.dimee.analytics;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/**
 * DuckDB in memory. Its native library takes as long to load as a cluster takes to answer, so it
 * loads in the background.
 */
public final class Database implements AutoCloseable {
  private final CompletableFuture<Connection> loading =
      CompletableFuture.supplyAsync(Database::connect);

  private Database() {}

  /** Begins to load. */
  public static Database load() {
    return new Database();
  }

  private static Connection connect() {
    try {
      return DuckDb.inMemory();
    } catch (SQLException e) {
      throw new IllegalStateException("DuckDB cannot be started: " + e.getMessage(), e);
    }
  }

  /** Waits until it is loaded; the connection is closed with this. */
  Connection connection() {
    return loading.join();
  }

  @Override
  public void close() throws SQLException {
    loading.join().close();
  }
}
