package io.dimee.serdes;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Bounds of what a writer's schema may make a reader do. Avro skips the fields that the reader does
 * not have by recursion, so one that is recursive lets a record overflow the stack; and one whose
 * records hold others twice, and those others twice, takes a time without end for a record of no
 * bytes.
 */
final class SchemaBounds {
  private static final int MOST_NESTED = 100;
  private static final int MOST_SCHEMAS = 10_000;

  private final Set<String> open = new HashSet<>();
  private int schemas;

  private SchemaBounds() {}

  /** Says in a clause what a schema has too much of; null when it keeps the bounds. */
  static String excess(Schema schema) {
    return new SchemaBounds().excess(schema, 1);
  }

  private String excess(Schema schema, int depth) {
    if (depth > MOST_NESTED) {
      return "is nested more than %d deep".formatted(MOST_NESTED);
    }
    if (++schemas > MOST_SCHEMAS) {
      return "unfolds to more than %d schemas".formatted(MOST_SCHEMAS);
    }
    boolean isRecord = schema.getType() == Schema.Type.RECORD;
    if (isRecord && !open.add(schema.getFullName())) {
      return "is recursive";
    }
    for (Schema part : parts(schema)) {
      String excess = excess(part, depth + 1);
      if (excess != null) {
        return excess;
      }
    }
    if (isRecord) {
      open.remove(schema.getFullName());
    }
    return null;
  }

  private static List<Schema> parts(Schema schema) {
    return switch (schema.getType()) {
      case RECORD -> schema.getFields().stream().map(Schema.Field::schema).toList();
      case ARRAY -> List.of(schema.getElementType());
      case MAP -> List.of(schema.getValueType());
      case UNION -> schema.getTypes();
      default -> List.of();
    };
  }
}
