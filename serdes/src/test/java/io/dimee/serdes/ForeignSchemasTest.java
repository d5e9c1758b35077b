package io.dimee.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.avro.TextEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Records whose schema others registered, or did not: whatever it is, the next record is read. */
class ForeignSchemasTest {
  private static final String TOPIC = "dimee.events";
  private static final int OWN = 1;
  private static final int FOREIGN = 7;
  private static final String PATH = "/schemas/ids/" + FOREIGN;

  private StubRegistry registry;
  private RegistryFormats formats;

  @BeforeEach
  void start() throws IOException {
    registry = new StubRegistry(TextEvent.getClassSchema());
    formats = new RegistryFormats(new RegistrySettings(registry.url(), Map.of(), false, 2));
  }

  @AfterEach
  void stop() {
    formats.close();
    registry.close();
  }

  /** An event with an id of the registry, and more bytes than it has in this build's schema. */
  private static byte[] record(int id, int more) {
    byte[] event = new SingleObjectFormats().of(TextEvent.class).encode(TOPIC, Samples.event());
    byte[] body = Arrays.copyOfRange(event, 10, event.length);
    return ByteBuffer.allocate(5 + body.length + more).put((byte) 0).putInt(id).put(body).array();
  }

  private TextEvent decode(byte[] record) {
    return formats.of(TextEvent.class).decode(TOPIC, record);
  }

  /** This build's schema of an event with more fields behind its own. */
  private static String withFields(String fields) {
    String own = TextEvent.getClassSchema().toString();
    assertThat(own).endsWith("]}");
    return own.substring(0, own.length() - 2) + "," + fields + "]}";
  }

  private static String joined(int count, IntFunction<String> part) {
    return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(","));
  }

  /** Each record holds the one before it, so many times. */
  private static String chain(int records, int times) {
    return withFields(
        joined(
            records,
            i ->
                "{'name':'f%1$d','type':{'type':'record','name':'R%1$d','fields':[%2$s]}}"
                    .formatted(
                        i,
                        i == 0
                            ? ""
                            : joined(times, t -> "{'name':'x%d','type':'R%d'}".formatted(t, i - 1)))
                    .replace('\'', '"')));
  }

  static Stream<Arguments> useless() {
    String node =
        withFields(
            """
            {"name":"tree","type":{"type":"record","name":"Node","fields":[
            {"name":"next","type":["null","Node"]}]}}""");
    return Stream.of(
        Arguments.of("JSON", "{\"type\":\"object\"}", "schema 7 is JSON, not Avro"),
        Arguments.of("PROTOBUF", "message A { }", "schema 7 is PROTOBUF, not Avro"),
        Arguments.of("AVRO", "{\"type\":\"record\"}", "schema 7 cannot be parsed"),
        Arguments.of("AVRO", "no JSON at all", "schema 7 cannot be parsed"),
        Arguments.of("AVRO", "[".repeat(20_000), "schema 7 cannot be parsed"),
        Arguments.of("AVRO", "\"" + "int".repeat(30_000) + "\"", "more than 65536 characters"),
        Arguments.of("AVRO", "\"int\"", "schema 7 is of int"),
        Arguments.of("AVRO", node, "schema 7 is recursive"),
        Arguments.of("AVRO", chain(150, 1), "schema 7 is nested more than 100 deep"),
        Arguments.of("AVRO", chain(60, 2), "schema 7 unfolds to more than 10000 schemas"));
  }

  /** Some of them would stop the process or hold it up for ever, for a record of a few bytes. */
  @ParameterizedTest
  @MethodSource("useless")
  void shouldPutAsideRecordsWithASchemaOfNoUse(String type, String text, String why)
      throws IOException {
    // Given
    registry.put(FOREIGN, Map.of("schemaType", type, "schema", text));

    // When
    assertThatThrownBy(() -> decode(record(FOREIGN, 1)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("topic dimee.events is not a readable TextEvent")
        .hasMessageContaining(why)
        .message()
        .hasSizeLessThan(700);

    // Then it is not asked again for the next one, and others are read
    assertThatThrownBy(() -> decode(record(FOREIGN, 1)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining(why);
    assertThat(registry.requests()).filteredOn(PATH::equals).hasSize(1);
    assertThat(decode(record(OWN, 0))).isEqualTo(Samples.event());
  }

  @Test
  void shouldNotOverflowTheStackForADeepRecordOfARecursiveSchema() throws IOException {
    // Given a list of 400,000 nodes, one a byte
    registry.put(
        FOREIGN,
        Map.of(
            "schema",
            withFields(
                """
                {"name":"tree","type":{"type":"record","name":"Node","fields":[
                {"name":"next","type":["null","Node"]}]}}""")));
    byte[] record = record(FOREIGN, 400_000);
    Arrays.fill(record, record.length - 400_000, record.length - 1, (byte) 2);

    // When, Then
    assertThatThrownBy(() -> decode(record)).isInstanceOf(UnreadableRecordException.class);
  }

  @Test
  void shouldSkipFieldsThatItDoesNotKnow() throws IOException {
    registry.put(
        FOREIGN,
        Map.of(
            "schema",
            withFields(
                """
                {"name":"more","type":["null",{"type":"array","items":{"type":"map","values":"long"}}]},
                {"name":"again","type":["null","string"]}""")));

    assertThat(decode(record(FOREIGN, 2))).isEqualTo(Samples.event());
  }

  @Test
  void shouldReadSchemasThatReferToOthers() throws IOException {
    // Given one that names a type of another, which names a type of a third
    Map<String, Object> inner = Map.of("name", "a.Inner", "subject", "inner", "version", 1);
    Map<String, Object> outer = Map.of("name", "a.Outer", "subject", "outer", "version", 3);
    registry.put(
        FOREIGN,
        Map.of(
            "schema",
            withFields("{\"name\":\"more\",\"type\":\"a.Outer\"}"),
            "references",
            List.of(inner, outer)));
    version("inner", 1, "{'type':'enum','name':'a.Inner','symbols':['A']}", List.of());
    version(
        "outer",
        3,
        "{'type':'record','name':'a.Outer','fields':[{'name':'x','type':'a.Inner'}]}",
        List.of(inner));

    // When, Then: the enum takes a byte
    assertThat(decode(record(FOREIGN, 1))).isEqualTo(Samples.event());
  }

  private void version(String subject, int version, String schema, List<?> references) {
    registry.answer(
        "/subjects/%s/versions/%d".formatted(subject, version),
        200,
        """
        {"subject":"%s","version":%d,"id":50,"schema":"%s","references":%s}"""
            .formatted(
                subject,
                version,
                schema.replace("'", "\\\""),
                references.isEmpty()
                    ? "[]"
                    : "[{\"name\":\"a.Inner\",\"subject\":\"inner\",\"version\":1}]"));
  }

  /** The last is what something answers that is no registry, for one path. */
  @ParameterizedTest
  @CsvSource({"400,42201", "401,40101", "403,40301", "410,410", "422,42201", "404,404"})
  void shouldPutAsideRecordsWhoseIdAloneIsRefused(int status, int code) throws IOException {
    // Given
    registry.answer(
        PATH, status, "{\"error_code\":%d,\"message\":\"not for you\"}".formatted(code));

    // When, Then
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> decode(record(FOREIGN, 0)))
          .isInstanceOf(UnreadableRecordException.class)
          .hasMessageContaining("the schema registry refuses schema 7: not for you");
    }
    assertThat(registry.requests()).hasSize(2);
    assertThat(decode(record(OWN, 0))).isEqualTo(Samples.event());
  }

  /** Else a changed password would send every record to the dead letters. */
  @ParameterizedTest
  @CsvSource({"302", "401", "403", "404"})
  void shouldStopWhenEverythingIsRefused(int status) {
    // Given
    registry.fail(status);

    // When, Then
    assertThatThrownBy(() -> decode(record(FOREIGN, 0)))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("look schema 7 up");
  }

  @ParameterizedTest
  @CsvSource({"408", "429", "500", "503"})
  void shouldAskAgainWhatMayPassAndThenStop(int status) {
    // Given
    registry.fail(status);

    // When, Then
    assertThatThrownBy(() -> decode(record(FOREIGN, 0))).isInstanceOf(RegistryException.class);
    assertThat(registry.requests()).containsExactly(PATH, PATH);

    // and what failed is no answer to remember
    registry.fail(200);
    assertThatThrownBy(() -> decode(record(FOREIGN, 0)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining("no Avro schema 7");
  }

  @Test
  void shouldStopWhenTheAnswerIsNoRegistrys() {
    registry.answer(PATH, 200, "<html>Sign in</html>");

    assertThatThrownBy(() -> decode(record(FOREIGN, 0))).isInstanceOf(RegistryException.class);
  }
}
