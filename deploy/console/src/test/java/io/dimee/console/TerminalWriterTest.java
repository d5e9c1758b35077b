package io.dimee.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What others wrote, printed in every way that there is. */
class TerminalWriterTest {
  /** An escape, a bell, C1 controls, separators and characters that turn the direction around. */
  private static final String HOSTILE = "a\u001b[2J\u0007\u007f\u009b2J\u0085\u2028\u202e\u2066b";

  private static final String SPELLED =
      "a\\u001B[2J\\u0007\\u007F\\u009B2J\\u0085\\u2028\\u202E\\u2066b";

  private final StringWriter terminal = new StringWriter();
  private final TerminalWriter out = new TerminalWriter(new PrintWriter(terminal));

  @Test
  void shouldSpellWhatATerminalObeys() throws IOException {
    out.println(HOSTILE);
    out.printf("%s%n", HOSTILE);
    out.printf(Locale.ROOT, "%s%n", HOSTILE);
    out.println(List.of(HOSTILE));
    out.print(HOSTILE);
    out.write(HOSTILE.toCharArray());
    out.append(HOSTILE).append('\u009b');

    assertThat(terminal)
        .hasToString(
            (SPELLED + "\n").repeat(3) + "[" + SPELLED + "]\n" + SPELLED.repeat(3) + "\\u009B");
  }

  @Test
  void shouldKeepOtherLanguagesAndWhatTheyAreJoinedWith() {
    String text =
        "\u00e9t\u00e9 \u05e9\u05dc\u05d5\u05dd \u0645\u06cc\u200c \ud83d\udc68\u200d\ud83d\udc67 \u00a0\ufffd";

    out.println(text);

    assertThat(terminal).hasToString(text + "\n");
  }

  @Test
  void shouldLetNoTextBeginALineOrAColumn() {
    out.printf("%s %s%n", "one\r\nforged", "two\tforged");
    out.println("three\nforged");

    assertThat(terminal).hasToString("one\\r\\nforged two\\tforged\nthree\\nforged\n");
  }

  @Test
  void shouldPrintTheLinesOfATableAlone() {
    // Given rows of which one would be two
    Table.Lines table =
        new Table<String>()
            .text("id\n", id -> id)
            .number("n", String::valueOf)
            .of(List.of("x\nforged", HOSTILE));

    // When
    out.println(table);

    // Then
    assertThat(terminal.toString().lines()).hasSize(3);
    assertThat(terminal.toString()).contains(" id\\n ", "x\\nforged", SPELLED);
  }

  @Test
  void shouldKeepJsonExact() throws IOException {
    // Given
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode().put("id", HOSTILE + "\n\r\t\"\\");

    // When
    out.println(node.toString());

    // Then
    assertThat(terminal.toString().codePoints()).allMatch(c -> c == '\n' || (c >= ' ' && c <= '~'));
    assertThat(mapper.readTree(terminal.toString())).isEqualTo(node);
  }

  @Test
  void shouldLeaveArgumentsTheirTypes() {
    out.printf(Locale.ROOT, "%d %.1f %b %c %s%n", 7L, 0.25, false, 'x', null);

    assertThat(terminal).hasToString("7 0.3 false x null\n");
  }

  @Test
  void shouldLeaveAFormatForProgramsAsItIs() {
    TerminalWriter.exact(out).print(HOSTILE);

    assertThat(terminal).hasToString(HOSTILE);
  }
}
