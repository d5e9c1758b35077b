package io.dimee.deploy.analytics;

/**
 * A column of a table.
 *
 * @param name as in SQL
 * @param type DuckDB's
 */
record Column(String name, String type) {
  /** As SQL declares it. */
  String declaration() {
    return "\"%s\" %s".formatted(name, type);
  }
}
