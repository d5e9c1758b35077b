package io.dimee.client.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.avro.Reason;
import io.dimee.client.events.InputItem.BadLine;
import io.dimee.client.events.InputItem.Event;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON that is not one object a line. */
class JsonTest {
  private final List<InputItem> items = new ArrayList<>();

  private List<InputItem> read(String content) throws IOException {
    return read(content.getBytes(StandardCharsets.UTF_8));
  }

  private List<InputItem> read(byte[] content) throws IOException {
    items.clear();
    try (EventFile file =
        new EventFile("f", new ByteArrayInputStream(content), InputFormat.jsonl)) {
      for (InputItem item = file.next(); item != null; item = file.next()) {
        items.add(item);
      }
    }
    return items;
  }

  private static Event event(String id, String text) {
    return new Event(id, text, null, null, Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"text\":\"a\"},{\"text\":\"b\",\"id\":\"x\"}]",
        "\n  [\n  {\n    \"text\": \"a\"\n  },\n  {\"id\": \"x\",\n \"text\": \"b\"}\n]\n"
      })
  void shouldReadAnArray(String content) throws IOException {
    assertThat(read(content)).containsExactly(event("f-1", "a"), event("x", "b"));
  }

  @Test
  void shouldReadAnEmptyArray() throws IOException {
    assertThat(read("[]")).isEmpty();
  }

  @Test
  void shouldPutAsideElementsThatAreNoEvents() throws IOException {
    // When
    read(
        "[{}, {\"text\":\"a\",\"text\":\"b\"}, null, {\"text\":{\"en\":\"c\"}}, {\"text\":\"d\"}]");

    // Then
    assertThat(items).hasSize(5).extracting(InputItem::id).endsWith("f-4", "f-5");
    assertThat(items.subList(0, 4))
        .allMatch(item -> ((BadLine) item).reason() == Reason.INVALID_EVENT);
    assertThat((BadLine) items.get(3))
        .returns("element 4: text is missing or not a string", BadLine::message)
        .satisfies(
            bad ->
                assertThat(new String(bad.bytes(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"text\":{\"en\":\"c\"}}"));
    assertThat(items.get(4)).isEqualTo(event("f-5", "d"));
  }

  @Test
  void shouldPutAsideALineThatIsAnArrayOfSomethingElse() throws IOException {
    // When
    read("[\"a\",1]\n{\"text\":\"b\"}\n");

    // Then
    assertThat((BadLine) items.get(0)).returns("line 1: not a JSON object", BadLine::message);
    assertThat(items.get(1)).isEqualTo(event("f-2", "b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{\"text\":\"a\"} | malformed at element 2, line 1",
        "[{\"text\":\"a\"},] | malformed at element 2",
        "[{\"text\":\"a\"} {\"text\":\"b\"}] | malformed at element 2",
        "[{\"text\":\"a\"}, {\"text\":NaN}] | malformed at element 2",
        "[{\"text\":\"a\"}] [] | there is more after the JSON array"
      })
  void shouldFailWhereAnArrayIsBrokenAndKeepWhatStandsBefore(String content, String named) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(named);
    assertThat(items).containsExactly(event("f-1", "a"));
  }

  @Test
  void shouldFailWhereAnArrayIsNotUtf8() {
    byte[] content = "[{\"text\":\"a\u00E9\"}]".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> read(content))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void shouldRefuseObjectsOverSeveralLines() {
    assertThatThrownBy(() -> read("\n{\r\n  \"text\": \"a\"\r\n}\r\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("input=f: the first JSON object spans several lines")
        .hasMessageContaining("jq -c .");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\":\"a\",\"text\":\"b\"}",
        "{\"text\":\"a\",}",
        "{\"text\":\"a\"},",
        "{\"text\":\"a\",\"score\":NaN}",
        "{'text':'a'}",
        "{\"text\":null}",
        "{\"text\":[\"a\"]}",
        "{\"schema\":null,\"payload\":{\"text\":\"a\"}}"
      })
  void shouldPutAsideALineThatIsNoPlainObjectWithAText(String line) throws IOException {
    // When
    read("{\"text\":\"before\"}\r\n" + line + "\r\n{\"text\":\"\u2028after\u0085\"}\r\n");

    // Then
    assertThat(items).hasSize(3);
    assertThat((BadLine) items.get(1))
        .returns(2L, BadLine::line)
        .returns(Reason.INVALID_EVENT, BadLine::reason)
        .satisfies(bad -> assertThat(bad.message()).doesNotContain("Source", "Feature"));
    assertThat(items.get(2)).isEqualTo(event("f-3", "\u2028after\u0085"));
  }
}
