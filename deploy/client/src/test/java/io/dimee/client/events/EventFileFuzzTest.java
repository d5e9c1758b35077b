package io.dimee.client.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.topology.cluster.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Input files of any bytes: the input is refused as a whole, in one line, or each line that is not
 * empty becomes an event or a bad line; of a JSON array, each element up to where it is broken.
 */
class EventFileFuzzTest {
  /** Pieces of all formats, and what does not belong there. */
  @Provide
  Arbitrary<String> lines() {
    return Arbitraries.of(
            "{\"text\":",
            "\"a\"",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "null",
            "1e9",
            "\t",
            "\n",
            "\r",
            " ",
            "sentence",
            "label",
            ";",
            "text",
            "id",
            "\"id\"",
            "\"attributes\"",
            "\uFEFF",
            "\u0000",
            "😂",
            "\"\\ud800\"")
        .list()
        .ofMaxSize(30)
        .map(pieces -> String.join("", pieces));
  }

  private static void shouldReadEveryLine(InputFormat format, byte[] bytes) throws IOException {
    int items = 0;
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    boolean mayBreak =
        latin.startsWith("\u001F\u008B") || (format == InputFormat.jsonl && latin.contains("["));
    try (EventFile file = new EventFile("f", new ByteArrayInputStream(bytes), format)) {
      for (InputItem item = file.next(); item != null; item = file.next()) {
        assertThat(item.id()).isNotNull();
        items++;
      }
    } catch (ConfigurationException e) {
      assertThat(e.getMessage()).startsWith("input=f").doesNotContain("\n", "\r");
      assertThat(items).isZero();
    } catch (IOException e) {
      assertThat(mayBreak).as(e.getMessage()).isTrue();
    }
    if (!mayBreak) {
      long ends = latin.chars().filter(c -> c == '\n' || c == '\r').count();
      assertThat(items).isLessThanOrEqualTo((int) ends + 1);
    }
  }

  @Property
  void shouldReadAnyBytes(@ForAll InputFormat format, @ForAll byte[] bytes) throws IOException {
    shouldReadEveryLine(format, bytes);
  }

  @Property
  void shouldReadAnyPieces(@ForAll InputFormat format, @ForAll("lines") String text)
      throws IOException {
    shouldReadEveryLine(format, text.getBytes(StandardCharsets.UTF_8));
  }
}
