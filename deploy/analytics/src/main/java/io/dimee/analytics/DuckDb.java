package io.dimee.analytics;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/** Connections to embedded databases, none of which ever loads code from elsewhere. */
final class DuckDb {
  private DuckDb() {}

  /**
   * The database in a file, which is made when it is missing. Only one process may have it open
   * like this.
   */
  static DuckDBConnection writing(Path file) throws SQLException {
    String path = file.toAbsolutePath().toString();
    DuckDBConnection connection = inMemory();
    try (Statement statement = connection.createStatement()) {
      // where a database in a file has it; one in memory would have it in the working directory
      statement.execute("SET temp_directory = " + quoted(path + ".tmp"));
      // not as the URL of a connection, where a path ends at some characters
      statement.execute("ATTACH %s AS written".formatted(quoted(path)));
      statement.execute("USE written");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** A new database in memory, which goes with its connection. */
  static DuckDBConnection inMemory() throws SQLException {
    Properties settings = new Properties();
    settings.put("autoinstall_known_extensions", "false");
    settings.put("autoload_known_extensions", "false");
    settings.put("allow_community_extensions", "false");
    // nobody records this program's flight, and to be ready for it takes a tenth of a second
    settings.put(DuckDBDriver.JDBC_JFR_MEMORY_MONITOR, "false");
    DuckDBConnection connection =
        new DuckDBDriver().connect("jdbc:duckdb:", settings).unwrap(DuckDBConnection.class);
    try (Statement statement = connection.createStatement()) {
      // all columns are in UTC; now() and current_date would be in this machine's zone
      statement.execute("SET TimeZone = 'UTC'");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** A text as SQL writes it. */
  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
