package io.dimee.analytics;

import io.dimee.client.outcomes.FieldType;
import io.dimee.client.outcomes.RecordField;
import java.util.stream.Collectors;

/**
 * A column of a table.
 *
 * @param name as in SQL
 * @param type DuckDB's
 */
record Column(String name, String type) {
  private static final String TIMESTAMP = "TIMESTAMP";

  /** The column of a field. */
  static Column of(RecordField<?> field) {
    return new Column(field.name(), type(field.type()));
  }

  private static String type(FieldType type) {
    if (type instanceof FieldType.ListOf list) {
      return type(list.element()) + "[]";
    }
    if (type instanceof FieldType.Struct struct) {
      return struct.fields().stream()
          .map(field -> of(field).declaration())
          .collect(Collectors.joining(", ", "STRUCT(", ")"));
    }
    if (type instanceof FieldType.Texts) {
      return "MAP(VARCHAR, VARCHAR)";
    }
    return switch ((FieldType.Scalar) type) {
      case TEXT -> "VARCHAR";
      case INT -> "INTEGER";
      case LONG -> "BIGINT";
      case FLOAT -> "FLOAT";
      case DOUBLE -> "DOUBLE";
      case BOOLEAN -> "BOOLEAN";
      case TIME -> TIMESTAMP;
    };
  }

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
