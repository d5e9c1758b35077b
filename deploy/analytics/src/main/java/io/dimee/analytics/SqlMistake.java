package io.dimee.analytics;

import io.dimee.topology.cluster.ConfigurationException;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** Tells wrong SQL from what else may go wrong while it runs. */
final class SqlMistake {
  /** DuckDB names the kind of an error in its message and nowhere else. */
  private static final Pattern OTHER =
      Pattern.compile(
          "(?s).*?(INTERRUPT|Out of Memory|IO|INTERNAL|FATAL|Resource) Error: .*",
          Pattern.CASE_INSENSITIVE);

  /** Where the mistake is, which needs lines of its own and a font of fixed width. */
  private static final Pattern PLACE = Pattern.compile("(?s)\\s*LINE \\d+: .*");

  private SqlMistake() {}

  /**
   * The exception to throw.
   *
   * @return the same when the SQL is not to blame
   * @throws ConfigurationException when it is
   */
  static SQLException orOther(SQLException e) {
    String message = String.valueOf(e.getMessage());
    if (OTHER.matcher(message).matches()) {
      return e;
    }
    throw new ConfigurationException("SQL: " + PLACE.matcher(message).replaceFirst(""), e);
  }
}
