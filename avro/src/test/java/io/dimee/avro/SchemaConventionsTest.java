package io.dimee.avro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaConventionsTest {
  /** Every record and enum that a current schema holds, itself included. */
  static Stream<Schema> namedTypes() {
    Map<String, Schema> found = new LinkedHashMap<>();
    SchemaHistory.CURRENT.forEach(schema -> collect(schema, found));
    return found.values().stream();
  }

  private static void collect(Schema schema, Map<String, Schema> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (found.put(schema.getFullName(), schema) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), found));
        }
      }
      case ENUM -> found.put(schema.getFullName(), schema);
      case ARRAY -> collect(schema.getElementType(), found);
      case MAP -> collect(schema.getValueType(), found);
      case UNION -> schema.getTypes().forEach(type -> collect(type, found));
      default -> {
        // a type without a name holds no others
      }
    }
  }

  static Stream<Schema> records() {
    return namedTypes().filter(schema -> schema.getType() == Schema.Type.RECORD);
  }

  static Stream<Schema> enums() {
    return namedTypes().filter(schema -> schema.getType() == Schema.Type.ENUM);
  }

  @Test
  void shouldFindEveryTypeOfTheWire() {
    assertThat(namedTypes().map(Schema::getName))
        .containsExactlyInAnyOrder(
            "TextEvent",
            "InferenceTask",
            "HiddenState",
            "HiddenStateCodec",
            "Hop",
            "ExitReading",
            "Tier",
            "Pool",
            "Prediction",
            "Cost",
            "DeadLetter",
            "LedgerEntry",
            "ExitCount",
            "Stage",
            "Reason",
            "Replay");
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldDocumentEveryRecordAndField(Schema record) {
    assertThat(record.getDoc()).isNotBlank();
    assertThat(record.getFields())
        .allSatisfy(field -> assertThat(field.doc()).as(field.name()).isNotBlank());
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldNotContainItself(Schema record) {
    assertThat(nests(record, record.getFullName())).isFalse();
  }

  private static boolean nests(Schema schema, String name) {
    return switch (schema.getType()) {
      case RECORD -> schema.getFields().stream().anyMatch(field -> holds(field.schema(), name));
      case ARRAY -> holds(schema.getElementType(), name);
      case MAP -> holds(schema.getValueType(), name);
      case UNION -> schema.getTypes().stream().anyMatch(type -> holds(type, name));
      default -> false;
    };
  }

  private static boolean holds(Schema schema, String name) {
    return schema.getFullName().equals(name) || nests(schema, name);
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldHoldNoItemsThatTakeNoBytes(Schema record) {
    assertThat(record.getFields())
        .map(Schema.Field::schema)
        .filteredOn(schema -> schema.getType() == Schema.Type.ARRAY)
        .map(Schema::getElementType)
        .allSatisfy(
            item -> {
              assertThat(item.getType()).isNotEqualTo(Schema.Type.NULL);
              if (item.getType() == Schema.Type.RECORD) {
                assertThat(item.getFields()).isNotEmpty();
              }
            });
  }

  @ParameterizedTest
  @MethodSource("enums")
  void shouldReadUnknownSymbolsAsUnknown(Schema type) {
    assertThat(type.getEnumDefault()).isEqualTo("UNKNOWN");
    assertThat(type.getEnumSymbols()).first().isEqualTo("UNKNOWN");
  }
}
