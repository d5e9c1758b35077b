package io.dimee.client.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.Reason;
import io.dimee.client.events.InputItem.BadLine;
import io.dimee.client.events.InputItem.Event;
import io.dimee.tables.LineReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines that are no event, and what must not make a line bad. */
class BadLinesTest {
  private static List<InputItem> read(InputFormat format, byte[] bytes) throws IOException {
    List<InputItem> items = new ArrayList<>();
    try (EventFile file = new EventFile("f", new ByteArrayInputStream(bytes), format)) {
      for (InputItem item = file.next(); item != null; item = file.next()) {
        items.add(item);
      }
    }
    return items;
  }

  private static List<InputItem> read(InputFormat format, String... lines) throws IOException {
    return read(format, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "text | only",
        "tsv | sentence",
        "csv | text",
        "jsonl | {\"text\":\"only\"}",
      })
  void shouldTakeNoByteOrderMarkForText(InputFormat format, String line) throws IOException {
    // When
    List<InputItem> items = read(format, "\uFEFF" + line, line);

    // Then the header of a table gives no event
    assertThat(items)
        .hasSize(format == InputFormat.tsv || format == InputFormat.csv ? 1 : 2)
        .allMatch(item -> item instanceof Event)
        .noneMatch(item -> ((Event) item).text().contains("\uFEFF"));
  }

  @Test
  void shouldKeepScalarsThatAreNoStrings() throws IOException {
    assertThat(
            read(
                InputFormat.jsonl,
                "{\"id\":7,\"text\":\"a\",\"label\":1,\"attributes\":{\"n\":2,\"yes\":true}}",
                "{\"id\":null,\"text\":\"\",\"text_pair\":null,\"attributes\":null}"))
        .containsExactly(
            new Event("7", "a", null, "1", Map.of("n", "2", "yes", "true")),
            new Event("f-2", "", null, null, Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"text\":\"a\"} {} | not JSON",
        "{\"text\":\"a\",\"id\":{}} | id",
        "{\"text\":\"a\",\"text_pair\":[\"b\"]} | text_pair",
        "{\"text\":\"a\",\"label\":{\"gold\":1}} | label",
        "{\"text\":\"a\",\"attributes\":\"k=v\"} | attributes",
        "{\"text\":\"a\",\"attributes\":{\"k\":{\"deep\":1}}} | attributes.k",
        "{\"text\":\"half \\ud83d\"} | text has half a surrogate pair",
        "{\"text\":\"a\",\"id\":\"\\udc00\"} | id has half a surrogate pair",
        "{\"text\":\"a\",\"attributes\":{\"\\ud800\":1}} | surrogate pair"
      })
  void shouldPutAsideWhatItCannotKeep(String line, String named) throws IOException {
    // When
    List<InputItem> items = read(InputFormat.jsonl, line, "{\"text\":\"next\"}");

    // Then
    assertThat((BadLine) items.get(0))
        .returns(Reason.INVALID_EVENT, BadLine::reason)
        .satisfies(bad -> assertThat(bad.message()).contains("line 1").contains(named))
        .satisfies(
            bad -> assertThat(new String(bad.bytes(), StandardCharsets.UTF_8)).isEqualTo(line));
    assertThat(items.get(1)).isEqualTo(new Event("f-2", "next", null, null, Map.of()));
  }

  @Test
  void shouldKeepNoMoreThanTheLimitOfALine() throws IOException {
    // Given a line nearly three times as long as the limit, and one after it
    byte[] bytes = new byte[3 * LineReader.LIMIT];
    Arrays.fill(bytes, (byte) 'x');
    byte[] next = "\nnext".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(next, 0, bytes, bytes.length - next.length, next.length);

    // When
    List<InputItem> items = read(InputFormat.text, bytes);

    // Then
    assertThat((BadLine) items.get(0))
        .returns(Reason.RECORD_TOO_LARGE, BadLine::reason)
        .satisfies(bad -> assertThat(bad.bytes()).hasSizeLessThanOrEqualTo(LineReader.LIMIT));
    assertThat(items.get(1)).isEqualTo(new Event("f-2", "next", null, null, Map.of()));
  }
}
