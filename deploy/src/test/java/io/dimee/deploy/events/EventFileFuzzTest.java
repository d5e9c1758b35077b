package io.dimee.deploy.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Input files of any bytes: each line that is not empty becomes an event or a bad line. */
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
    try (EventFile file = new EventFile("f", new ByteArrayInputStream(bytes), format)) {
      for (InputItem item = file.next(); item != null; item = file.next()) {
        assertThat(item.id()).isNotNull();
        items++;
      }
    }
    long lines =
        new String(bytes, StandardCharsets.ISO_8859_1).chars().filter(c -> c == '\n').count();
    assertThat(items).isLessThanOrEqualTo((int) lines + 1);
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
