package io.dimee.client.outcomes;

import java.util.List;

/** What a field holds, for those that need a column for it. */
public sealed interface FieldType {
  /** One value. */
  enum Scalar implements FieldType {
    TEXT,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    BOOLEAN,
    TIME
  }

  /** Any number of values. */
  record ListOf(FieldType element) implements FieldType {}

  /** Named values, of these fields. */
  record Struct(List<? extends RecordField<?>> fields) implements FieldType {}

  /** Texts by names that are the record's own. */
  record Texts() implements FieldType {}
}
