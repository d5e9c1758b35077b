package io.dimee.client.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.topology.cluster.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventColumnsTest {
  private static final EventColumns TICKET =
      new EventColumns(List.of("subject", "body"), Optional.empty(), Optional.of("queue"));

  private static List<InputItem.Event> read(
      String content, InputFormat format, EventColumns columns) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    List<InputItem.Event> events = new ArrayList<>();
    try (EventFile file =
        new EventFile("f", "f", new ByteArrayInputStream(bytes), format, columns)) {
      for (InputItem item = file.next(); item != null; item = file.next()) {
        events.add((InputItem.Event) item);
      }
    }
    return events;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "csv | `Subject;body;QUEUE\nprinter;\"no\npaper\";it\nhello;;sales\n`",
        "tsv | `subject\tqueue\tbody\nprinter\tit\tno\\npaper\nhello\tsales\t\n`",
        "jsonl | `{\"subject\":\"printer\",\"body\":\"no\\npaper\",\"queue\":\"it\"}\n{\"subject\":\"hello\",\"queue\":\"sales\"}\n`",
        "jsonl | `[{\"subject\":\"printer\",\"body\":\"no\\npaper\",\"queue\":\"it\"},{\"subject\":\"hello\",\"queue\":\"sales\"}]`"
      })
  void shouldReadColumnsOfAnyNameAndJoinTexts(InputFormat format, String content)
      throws IOException {
    // When
    List<InputItem.Event> events = read(content, format, TICKET);

    // Then
    assertThat(events).extracting(InputItem.Event::label).containsExactly("it", "sales");
    assertThat(events.get(0).text().replace("\\n", "\n")).isEqualTo("printer\nno\npaper");
    assertThat(events.get(1).text()).isEqualTo("hello");
  }

  @Test
  void shouldReadColumnsByNumberWhereThereIsNoHeader() throws IOException {
    EventColumns columns = new EventColumns(List.of("2"), Optional.empty(), Optional.of("1"));

    List<InputItem.Event> events =
        read("ham\tsee you\nspam\tWIN \"now\n", InputFormat.tsv, columns);

    assertThat(events).extracting(InputItem.Event::text).containsExactly("see you", "WIN \"now");
    assertThat(events).extracting(InputItem.Event::label).containsExactly("ham", "spam");
  }

  @Test
  void shouldListTheColumnsThereAre() {
    EventColumns columns = new EventColumns(List.of("body"), Optional.empty(), Optional.of("x"));

    assertThatThrownBy(() -> read("id,body\n1,a\n", InputFormat.csv, columns))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("label-column=x: input=f has no such column; its columns: id, body");
    assertThatThrownBy(() -> read("Body\tBODY\na\tb\n", InputFormat.tsv, columns))
        .hasMessageContaining("text-column=body: input=f has several such columns");
  }

  @Test
  void shouldRefuseHalfAChoice() {
    assertThatThrownBy(() -> new EventColumns(List.of(), Optional.empty(), Optional.of("label")))
        .hasMessageStartingWith("text-column is missing; valid: ");
    EventColumns mixed = new EventColumns(List.of("1"), Optional.empty(), Optional.of("label"));
    assertThatThrownBy(() -> read("a\tb\n", InputFormat.tsv, mixed))
        .hasMessageContaining("column label is not a number");
    EventColumns numbers = new EventColumns(List.of("1"), Optional.empty(), Optional.empty());
    assertThatThrownBy(() -> read("a,b\n1,2\n", InputFormat.csv, numbers))
        .hasMessageContaining("has a header; valid: names");
  }
}
