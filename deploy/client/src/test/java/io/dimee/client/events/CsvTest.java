package io.dimee.client.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.avro.Reason;
import io.dimee.client.events.InputItem.BadLine;
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

/** CSV as spreadsheets and programs write it. */
class CsvTest {
  private static List<InputItem> read(byte[] content) throws IOException {
    List<InputItem> items = new ArrayList<>();
    try (EventFile file =
        new EventFile("f.csv", "f", new ByteArrayInputStream(content), InputFormat.csv)) {
      for (InputItem item = file.next(); item != null; item = file.next()) {
        items.add(item);
      }
    }
    return items;
  }

  private static List<InputItem> read(String content) throws IOException {
    return read(content.getBytes(StandardCharsets.UTF_8));
  }

  private static InputItem.Event event(String id, String text, String pair, String label) {
    return new InputItem.Event(id, text, pair, label, Map.of());
  }

  private static String message(InputItem item) {
    return ((BadLine) item).message();
  }

  @Test
  void shouldReadQuotedCellsOverSeveralLines() throws IOException {
    assertThat(
            read("text,label\r\n\"a fine, fine film\",1\r\n\"a \"\"dull\"\"\r\n\r\none\", 0 \r\n"))
        .containsExactly(
            event("f-2", "a fine, fine film", null, "1"),
            event("f-3", "a \"dull\"\n\none", null, "0"));
  }

  @Test
  void shouldReadOnBehindARowOfSeveralLines() throws IOException {
    assertThat(read("text\n\"one\ntwo\"\nthree"))
        .containsExactly(event("f-2", "one\ntwo", null, null), event("f-4", "three", null, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Text,Label | a,b",
        "id,Review ,stars | 7,a,5",
        "SENTENCE,target | a,b",
        "content | a",
        "title,body,category | t,a,b",
        ",text,class | 0,a,b",
        "text,intent,unknown | a,b,c"
      })
  void shouldFindColumnsByTheirUsualNames(String header, String row) throws IOException {
    // When
    List<InputItem> items = read("\uFEFF" + header + "\n" + row + "\n");

    // Then
    assertThat(items)
        .containsExactly(
            event(
                header.startsWith("id") ? "7" : "f-2", "a", null, row.contains("b") ? "b" : null));
  }

  @Test
  void shouldReadPairs() throws IOException {
    assertThat(read("text_pair,text\nb,a\n,c\n"))
        .containsExactly(event("f-2", "a", "b", null), event("f-3", "c", null, null));
    assertThat(read("question,sentence,label\nq,s,1\n"))
        .containsExactly(event("f-2", "q", "s", "1"));
    assertThat(read("Quality,#1 ID,#2 ID,#1 String,#2 String\n1,7,8,a,b\n"))
        .containsExactly(event("f-2", "a", "b", null));
  }

  @Test
  void shouldTakeAnEmptyCellForNone() throws IOException {
    assertThat(read("id,text,label\n,a,1\nx,b,\n,\"\",\n"))
        .containsExactly(
            event("f-2", "a", null, "1"),
            event("x", "b", null, null),
            event("f-4", "", null, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {";", "\t", "|"})
  void shouldSeeInTheHeaderWhatStandsBetweenCells(String delimiter) throws IOException {
    // Given a file as spreadsheets write it where the comma is in numbers
    String content =
        "\"id\";\"text\";\"label\"\n1;good, 3,5 of 5;1\n2;\"a; b\";0\n".replace(";", delimiter);

    // Then
    assertThat(read(content))
        .containsExactly(
            event("1", "good, 3,5 of 5", null, "1"), event("2", "a" + delimiter + " b", null, "0"));
    assertThat(read("sep=" + delimiter + "\r\n" + content)).hasSize(2);
  }

  @Test
  void shouldRefuseRowsThatDoNotFitTheHeader() throws IOException {
    // When
    List<InputItem> items = read("text,label\na,1\nb, c,1\nd\ne,1,,\n");

    // Then
    assertThat(items.get(0)).isEqualTo(event("f-2", "a", null, "1"));
    assertThat(message(items.get(1)))
        .isEqualTo("line 3: the line has 3 columns, the header names 2");
    assertThat(message(items.get(2)))
        .isEqualTo("line 4: the line has 1 columns, the header names 2");
    assertThat(items.get(3)).isEqualTo(event("f-5", "e", null, "1"));
    assertThat(items).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"never closed,1",
        "\"he said \"hi\" twice\",1",
        "\"he said \\\"hi\\\"\",1",
        "a 5\" disk,1",
        "\"one\"two,1"
      })
  void shouldPutAsideOnlyTheRowWhoseQuotesAreWrong(String row) throws IOException {
    // When
    List<InputItem> items = read("text,label\na,1\n" + row + "\n\"b, c\",0\nd,1\n");

    // Then
    assertThat(items).hasSize(4);
    assertThat(items.get(0)).isEqualTo(event("f-2", "a", null, "1"));
    assertThat((BadLine) items.get(1))
        .returns(Reason.INVALID_EVENT, BadLine::reason)
        .returns(3L, BadLine::line)
        .satisfies(bad -> assertThat(bad.message()).contains("line 3: not CSV: a quote"))
        .satisfies(
            bad -> assertThat(new String(bad.bytes(), StandardCharsets.UTF_8)).isEqualTo(row));
    assertThat(items.get(2)).isEqualTo(event("f-4", "b, c", null, "0"));
    assertThat(items.get(3)).isEqualTo(event("f-5", "d", null, "1"));
  }

  @Test
  void shouldPutAsideAWholeRowThatIsNotUtf8() throws IOException {
    // Given a row over three lines, in Latin-1
    byte[] content =
        "text,label\n\"caf\u00E9\nau\nlait\",1\nb,0\n".getBytes(StandardCharsets.ISO_8859_1);

    // When
    List<InputItem> items = read(content);

    // Then
    assertThat(items).hasSize(2);
    assertThat(items.get(0)).returns("f-2", InputItem::id);
    assertThat(message(items.get(0))).isEqualTo("line 2 is not UTF-8");
    assertThat(items.get(1)).isEqualTo(event("f-5", "b", null, "0"));
  }

  @Test
  void shouldReadNoEventsOfAFileWithoutRows() throws IOException {
    assertThat(read("")).isEmpty();
    assertThat(read("\n\r\n")).isEmpty();
    assertThat(read("text,label\n\n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Class Index,Title,Description | no column named text, sentence, content, review or body",
        "Titel;Inhalt | its columns: Titel, Inhalt",
        "\"a fine film\",1 | its columns: a fine film, 1",
        "text,content | several columns named text, sentence",
        "question,sentence,body | several columns named text",
        "text,text | several columns named text",
        "text,category,intent | several columns named label, target",
        "\"text,label | the header is not CSV"
      })
  void shouldRefuseAHeaderThatDoesNotSayWhichColumnIsTheText(String header, String named) {
    assertThatThrownBy(() -> read(header + "\na,b,c\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("input=f.csv: ")
        .hasMessageContaining(named);
  }

  @Test
  void shouldNameColumnsInOneLineWhateverTheyAreCalled() {
    assertThatThrownBy(() -> read("\"a\nb\u001B[31m\",\"" + "c".repeat(1_000) + "\"\nd,e\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("its columns: a?b?[31m, ccc")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }
}
