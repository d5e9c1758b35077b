package io.dimee.analytics;

/**
 * A column of a table.
 *
 * @param name as in SQL
 * @param type DuckDB's
 */
record Column(String name, String type) {
  private static final String TIMESTAMP = "TIMESTAMP";

  /** As SQL declares it. */
  String declaration() {
    return declaration(type);
  }

  /** As SQL declares it in the JSON of a record, where times are microseconds. */
  String jsonDeclaration() {
    return declaration(isTime() ? "BIGINT" : type);
  }

  private String declaration(String as) {
    return "\"%s\" %s".formatted(name, as);
  }

  /** The value in a struct of what the JSON declares. */
  String from(String struct) {
    String value = "%s.\"%s\"".formatted(struct, name);
    return isTime() ? "make_timestamp(%s)".formatted(value) : value;
  }

  private boolean isTime() {
    return type.equals(TIMESTAMP);
  }
}
