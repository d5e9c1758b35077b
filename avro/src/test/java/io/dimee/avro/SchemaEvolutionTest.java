package io.dimee.avro;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaEvolutionTest {
  static Stream<Schema> current() {
    return SchemaHistory.CURRENT.stream();
  }

  @ParameterizedTest
  @MethodSource("current")
  void shouldBeFullyCompatibleWithEveryCommittedVersion(Schema schema) {
    List<SchemaHistory.Snapshot> history = SchemaHistory.of(schema);

    assertThat(history).isNotEmpty();
    assertThat(history)
        .allSatisfy(
            earlier ->
                assertThat(FullCompatibility.violations(schema, earlier.schema())).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("current")
  void shouldHaveACommittedSnapshotOfTheCurrentSchema(Schema schema) throws IOException {
    Path copy = Path.of("target", "schemas", schema.getName() + ".avsc");
    Files.createDirectories(copy.getParent());
    Files.writeString(copy, SchemaFormatter.format("json/pretty", schema) + "\n");

    List<SchemaHistory.Snapshot> history = SchemaHistory.of(schema);

    assertThat(history).isNotEmpty();
    SchemaHistory.Snapshot newest = history.get(history.size() - 1);
    assertThat(newest.schema())
        .as(
            "%s has changed since version %d: copy %s to src/main/resources/io/dimee/avro/schemas/v%d",
            schema.getName(), newest.version(), copy, newest.version() + 1)
        .isEqualTo(schema);
  }

  @ParameterizedTest
  @MethodSource("current")
  void shouldReportAFieldThatWasAddedWithoutADefault(Schema schema) {
    Schema changed = change(schema, fields -> fields.add(field("added", "string")));

    assertThat(FullCompatibility.violations(changed, schema))
        .singleElement()
        .asString()
        .startsWith("cannot read earlier records: READER_FIELD_MISSING_DEFAULT_VALUE");
  }

  @ParameterizedTest
  @MethodSource("current")
  void shouldReportARequiredFieldThatWasRemoved(Schema schema) {
    int required = indexOfFieldWithoutDefault(schema);

    Schema changed = change(schema, fields -> fields.remove(required));

    assertThat(FullCompatibility.violations(changed, schema))
        .isNotEmpty()
        .allSatisfy(violation -> assertThat(violation).startsWith("earlier readers fail"));
  }

  @Test
  void shouldReportALostDefaultOnceARecordLacksTheField() {
    // Given an earlier version that did not have the policy yet
    Schema task = InferenceTask.getClassSchema();
    int policy = task.getField("policy").pos();
    Schema earlier = change(task, fields -> fields.remove(policy));
    assertThat(FullCompatibility.violations(task, earlier)).isEmpty();

    Schema withoutDefault =
        change(task, fields -> ((ObjectNode) fields.get(policy)).remove("default"));

    assertThat(FullCompatibility.violations(withoutDefault, earlier))
        .singleElement()
        .asString()
        .contains("READER_FIELD_MISSING_DEFAULT_VALUE", "policy");
  }

  @Test
  void shouldReportAChangedTypeInBothDirections() {
    Schema event = TextEvent.getClassSchema();

    Schema changed =
        change(event, fields -> fields.set(event.getField("id").pos(), field("id", "int")));

    assertThat(FullCompatibility.violations(changed, event))
        .anyMatch(violation -> violation.startsWith("cannot read earlier records: TYPE_MISMATCH"))
        .anyMatch(violation -> violation.startsWith("earlier readers fail: TYPE_MISMATCH"));
  }

  @Test
  void shouldAcceptAFieldThatWasAddedWithADefault() {
    Schema event = TextEvent.getClassSchema();

    Schema changed =
        change(event, fields -> fields.add(field("language", "string").put("default", "en")));

    assertThat(FullCompatibility.violations(changed, event)).isEmpty();
  }

  private static int indexOfFieldWithoutDefault(Schema schema) {
    return schema.getFields().stream()
        .filter(field -> !field.hasDefaultValue())
        .reduce((first, second) -> second)
        .orElseThrow()
        .pos();
  }

  private static ObjectNode field(String name, String type) {
    return new ObjectMapper().createObjectNode().put("name", name).put("type", type);
  }

  private interface FieldsChange {
    void apply(ArrayNode fields);
  }

  private static Schema change(Schema schema, FieldsChange change) {
    try {
      JsonNode json = new ObjectMapper().readTree(schema.toString());
      change.apply((ArrayNode) json.get("fields"));
      return new Schema.Parser().parse(json.toString());
    } catch (IOException e) {
      throw new IllegalStateException("a schema's own JSON does not parse", e);
    }
  }
}
