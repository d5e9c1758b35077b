package io.dimee.client.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.Reason;
import io.dimee.tables.LineReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventFileTest {
  private static List<InputItem> read(InputFormat format, byte[] content) throws IOException {
    List<InputItem> items = new ArrayList<>();
    try (EventFile file = new EventFile("f", new ByteArrayInputStream(content), format)) {
      for (InputItem item = file.next(); item != null; item = file.next()) {
        items.add(item);
      }
    }
    return items;
  }

  private static List<InputItem> read(InputFormat format, String content) throws IOException {
    return read(format, content.getBytes(StandardCharsets.UTF_8));
  }

  private static InputItem.Event event(String id, String text, String pair, String label) {
    return new InputItem.Event(id, text, pair, label, Map.of());
  }

  @Test
  void shouldReadLinesAsTexts() throws IOException {
    assertThat(read(InputFormat.text, "one\r\n\ntwo\n   \nlast"))
        .containsExactly(
            event("f-1", "one", null, null),
            event("f-3", "two", null, null),
            event("f-4", "   ", null, null),
            event("f-5", "last", null, null));
  }

  @Test
  void shouldReadSst2() throws IOException {
    assertThat(read(InputFormat.tsv, "sentence\tlabel\na fine film \t1\n"))
        .containsExactly(event("f-2", "a fine film ", null, "1"));
  }

  @Test
  void shouldReadMrpcWithItsByteOrderMarkAndBareQuotes() throws IOException {
    assertThat(
            read(
                InputFormat.tsv,
                "\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t7\t8\t\" he said\tshe\n"))
        .containsExactly(event("f-2", "\" he said", "she", "1"));
  }

  @Test
  void shouldReadPairsOfTheOtherTasks() throws IOException {
    assertThat(read(InputFormat.tsv, "index\tsentence1\tsentence2\tlabel\n0\ta\tb\tentailment\n"))
        .containsExactly(event("f-2", "a", "b", "entailment"));
    assertThat(read(InputFormat.tsv, "index\tquestion\tsentence\tlabel\n0\tq\ts\tnot_entailment\n"))
        .containsExactly(event("f-2", "q", "s", "not_entailment"));
    assertThat(
            read(
                InputFormat.tsv,
                "index\tsentence1\tsentence2\tlabel1\tgold_label\n0\ta\tb\tneutral\tentailment\n"))
        .containsExactly(event("f-2", "a", "b", "entailment"));
    assertThat(read(InputFormat.tsv, "question1\tquestion2\tis_duplicate\nq\tr\t0\n"))
        .containsExactly(event("f-2", "q", "r", "0"));
  }

  @Test
  void shouldReadFilesWithoutAHeader() throws IOException {
    assertThat(read(InputFormat.tsv, "gj04\t1\t\tShe left.\n"))
        .containsExactly(event("f-1", "She left.", null, "1"));
    assertThat(read(InputFormat.tsv, "nice\tpositive\n"))
        .containsExactly(event("f-1", "nice", null, "positive"));
    assertThat(read(InputFormat.tsv, "just text\n"))
        .containsExactly(event("f-1", "just text", null, null));
  }

  @Test
  void shouldDropNoColumnOfAFileWithoutAHeader() throws IOException {
    // When a later line has a column that the first has not
    List<InputItem> items = read(InputFormat.tsv, "just text\nnice\tpositive\nlast\n");

    // Then it becomes a bad line, label and all
    assertThat(items.get(0)).isEqualTo(event("f-1", "just text", null, null));
    assertThat(((InputItem.BadLine) items.get(1)).message())
        .startsWith("line 2: the line has 2 columns, the first has 1");
    assertThat(items.get(2)).isEqualTo(event("f-3", "last", null, null));
  }

  @Test
  void shouldReadJson() throws IOException {
    assertThat(
            read(
                InputFormat.jsonl,
                "{\"text\":\"a\"}\n"
                    + "{\"id\":\"x\",\"text\":\"a\",\"text_pair\":\"b\",\"label\":1,"
                    + "\"attributes\":{\"k\":\"v\"}}\n"))
        .containsExactly(
            event("f-1", "a", null, null),
            new InputItem.Event("x", "a", "b", "1", Map.of("k", "v")));
  }

  @Test
  void shouldReadOnBehindBadLines() throws IOException {
    // Given
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes("{\"text\":\"before\"}\n".getBytes(StandardCharsets.UTF_8));
    content.writeBytes(new byte[] {'{', (byte) 0xFF, '}', '\n'});
    content.writeBytes(
        "[]\n{}\n{\"text\":1}\n{\"text\":\"a\"} x\n{\"text\":\n".getBytes(StandardCharsets.UTF_8));
    content.writeBytes(new byte[LineReader.LIMIT + 1]);
    content.writeBytes("\n{\"text\":\"after\"}".getBytes(StandardCharsets.UTF_8));

    // When
    List<InputItem> items = read(InputFormat.jsonl, content.toByteArray());

    // Then
    assertThat(items).hasSize(9);
    assertThat(items.get(0)).isEqualTo(event("f-1", "before", null, null));
    assertThat(items.get(8)).isEqualTo(event("f-9", "after", null, null));
    assertThat(items.subList(1, 8))
        .extracting(item -> ((InputItem.BadLine) item).reason())
        .containsExactly(
            Reason.UNREADABLE_RECORD,
            Reason.INVALID_EVENT,
            Reason.INVALID_EVENT,
            Reason.INVALID_EVENT,
            Reason.INVALID_EVENT,
            Reason.INVALID_EVENT,
            Reason.RECORD_TOO_LARGE);
    assertThat(((InputItem.BadLine) items.get(3)).message())
        .isEqualTo("line 4: text is missing or not a string");
  }

  @Test
  void shouldNameTheColumnThatIsMissing() throws IOException {
    List<InputItem> items = read(InputFormat.tsv, "sentence\tlabel\nno label\nfine\t1\n");
    assertThat(((InputItem.BadLine) items.get(0)).message())
        .isEqualTo("line 2: column 2 is missing, the line has 1");
    assertThat(items.get(1)).isEqualTo(event("f-3", "fine", null, "1"));
  }

  @Test
  void shouldTakeAnEmptyLabelForNone() throws IOException {
    assertThat(read(InputFormat.tsv, "id\tsentence\tlabel\nx\tfine\t1\n\tdull\t \n"))
        .containsExactly(event("x", "fine", null, "1"), event("f-3", "dull", null, null));
    assertThat(read(InputFormat.tsv, "fine\t1\ndull\t\n"))
        .containsExactly(event("f-1", "fine", null, "1"), event("f-2", "dull", null, null));
  }

  @Test
  void shouldNotCutARowThatHasMoreCellsThanTheHeader() throws IOException {
    // When
    List<InputItem> items =
        read(InputFormat.tsv, "index\tsentence\n0\tfine\n1\tthis is\tnot good\n2\tlast\t\n");

    // Then empty cells are no loss
    assertThat(items.get(0)).isEqualTo(event("f-2", "fine", null, null));
    assertThat((InputItem.BadLine) items.get(1))
        .returns(Reason.INVALID_EVENT, InputItem.BadLine::reason)
        .returns("line 3: the line has 3 columns, the header names 2", InputItem.BadLine::message);
    assertThat(items.get(2)).isEqualTo(event("f-4", "last", null, null));
  }

  @Test
  void shouldPutAsideTheHeaderOfAFileThatWasPutBehindAnother() throws IOException {
    for (InputFormat format : List.of(InputFormat.tsv, InputFormat.csv)) {
      // Given
      String part =
          format == InputFormat.tsv ? "\uFEFFtext\tid\na\tx\n" : "\uFEFFtext,id\r\na,x\r\n";

      // When
      List<InputItem> items = read(format, part + part);

      // Then
      assertThat(items).hasSize(3);
      assertThat(items.get(0)).isEqualTo(event("x", "a", null, null)).isEqualTo(items.get(2));
      assertThat(((InputItem.BadLine) items.get(1)).message())
          .isEqualTo("line 3: the line repeats the header");
    }
  }

  @Test
  void shouldMakeIdsOfThePrefix() throws IOException {
    // Given
    byte[] content =
        "{\"text\":\"a\"}\n{\"text\":\"b\",\"id\":\"own\"}\n{\n".getBytes(StandardCharsets.UTF_8);

    // When
    List<String> ids = new ArrayList<>();
    try (EventFile file =
        new EventFile("f", "p", new ByteArrayInputStream(content), InputFormat.jsonl)) {
      for (InputItem item = file.next(); item != null; item = file.next()) {
        ids.add(item.id());
      }
    }

    // Then
    assertThat(ids).containsExactly("p-1", "own", "p-3");
  }
}
