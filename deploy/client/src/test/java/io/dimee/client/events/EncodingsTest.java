package io.dimee.client.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.avro.Reason;
import io.dimee.client.events.InputItem.BadLine;
import io.dimee.tables.LineReader;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the bytes of an input say before any line is read, and how its lines end. */
class EncodingsTest {
  private static List<InputItem> read(InputFormat format, InputStream in) throws IOException {
    List<InputItem> items = new ArrayList<>();
    try (EventFile file = new EventFile("f", in, format)) {
      for (InputItem item = file.next(); item != null; item = file.next()) {
        items.add(item);
      }
    }
    return items;
  }

  private static List<InputItem> read(InputFormat format, byte[] content) throws IOException {
    return read(format, new ByteArrayInputStream(content));
  }

  private static InputItem.Event event(String id, String text, String label) {
    return new InputItem.Event(id, text, null, label, Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void shouldReadAnEncodingByItsByteOrderMark(String encoding) throws IOException {
    // Given texts with every byte of a line's end in their characters
    Charset charset = Charset.forName(encoding);
    String texts = "\uFEFFtr\u00E8s bon\r\n\r\n\u4ECA\u5929\u0A0D\u0D0A\u010A\r\nlast \uD83D\uDE00";

    // Then
    assertThat(read(InputFormat.text, texts.getBytes(charset)))
        .containsExactly(
            event("f-1", "tr\u00E8s bon", null),
            event("f-3", "\u4ECA\u5929\u0A0D\u0D0A\u010A", null),
            event("f-4", "last \uD83D\uDE00", null));
    assertThat(read(InputFormat.tsv, "\uFEFFsentence\tlabel\ra\t1\r".getBytes(charset)))
        .containsExactly(event("f-2", "a", "1"));
    assertThat(read(InputFormat.csv, "\uFEFFtext;label\n\"a\nb\";1\n".getBytes(charset)))
        .containsExactly(event("f-2", "a\nb", "1"));
    assertThat(read(InputFormat.jsonl, "\uFEFF{\"text\":\"a\"}\n".getBytes(charset)))
        .containsExactly(event("f-1", "a", null));
    assertThat(read(InputFormat.jsonl, "\uFEFF [{\"text\":\"a\"}]".getBytes(charset)))
        .containsExactly(event("f-1", "a", null));
  }

  @Test
  void shouldPutAsideALineOfUtf16ThatIsBroken() throws IOException {
    // Given half a surrogate pair in the first line, and half a unit in the last
    byte[] bytes = "\uFEFFx\nbetween\nlast".getBytes(StandardCharsets.UTF_16LE);
    bytes[3] = (byte) 0xD8;

    // When
    List<InputItem> items = read(InputFormat.text, Arrays.copyOf(bytes, bytes.length - 1));

    // Then
    assertThat(items).hasSize(3);
    assertThat((BadLine) items.get(0))
        .returns(Reason.UNREADABLE_RECORD, BadLine::reason)
        .returns("line 1 is not UTF-16LE", BadLine::message);
    assertThat(items.get(1)).isEqualTo(event("f-2", "between", null));
    assertThat((BadLine) items.get(2)).returns("line 3 is not UTF-16LE", BadLine::message);
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-16LE, 'a fine film', UTF-16LE without a byte-order mark",
    "UTF-16BE, 'a fine film', UTF-16BE without a byte-order mark",
    "UTF-16LE, 'tr\u00E8s \u201Cbon\u201D film\u2026', UTF-16LE without",
    "UTF-32LE, 'film', UTF-32LE without",
    "UTF-32BE, 'film', UTF-32BE without",
    "UTF-32LE, '\uFEFFfilm', UTF-32LE;",
    "UTF-32BE, '\uFEFFfilm', UTF-32BE;"
  })
  void shouldNameAnEncodingThatItDoesNotRead(String encoding, String text, String named) {
    for (InputFormat format : InputFormat.values()) {
      assertThatThrownBy(() -> read(format, (text + "\n").getBytes(Charset.forName(encoding))))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith("input=f is " + named)
          .hasMessageEndingWith("iconv -f " + encoding + " -t UTF-8 converts it");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "504b0304140006000800, Excel",
    "d0cf11e0a1b11ae1, Excel",
    "504152311504, Parquet",
    "4f626a0104, Avro",
    "28b52ffd04, zstd",
    "fd377a585a00, xz",
    "425a68393141592653590a, bzip2"
  })
  void shouldNameAFileThatIsNoText(String head, String named) {
    assertThatThrownBy(() -> read(InputFormat.text, HexFormat.of().parseHex(head)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("input=f is ", named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "\u0000", "\u0000\n", "a\u0000b c d", "PK", "BZh", "\uFEFFa", "("})
  void shouldReadWhateverElseIsUtf8(String text) throws IOException {
    // When
    List<InputItem> items = read(InputFormat.text, text.getBytes(StandardCharsets.UTF_8));

    // Then
    String expected = text.replace("\uFEFF", "").strip();
    assertThat(items).allMatch(item -> ((InputItem.Event) item).text().strip().equals(expected));
    assertThat(items).hasSize(text.isEmpty() ? 0 : 1);
  }

  @Test
  void shouldReadWhatIsCompressed() throws IOException {
    // Given a file of two members, as they come when files are put one behind the other
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String part : List.of("\uFEFFone\ntwo\n", "\uFEFFthree\n")) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(part.getBytes(StandardCharsets.UTF_8));
      }
    }

    // Then no byte-order mark is left, in the middle neither, and a pipe that has nothing ready
    // between the two is not taken to be at its end
    InputStream pipe =
        new FilterInputStream(new ByteArrayInputStream(bytes.toByteArray())) {
          @Override
          public int available() {
            return 0;
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return super.read(into, offset, Math.min(length, 1));
          }
        };
    for (InputStream in : List.of(new ByteArrayInputStream(bytes.toByteArray()), pipe)) {
      assertThat(read(InputFormat.text, in))
          .containsExactly(
              event("f-1", "one", null), event("f-2", "two", null), event("f-3", "three", null));
    }
  }

  @Test
  void shouldReadLinesThatEndInCarriageReturnsAlone() throws IOException {
    assertThat(read(InputFormat.text, "one\r\rtwo\rlast".getBytes(StandardCharsets.UTF_8)))
        .containsExactly(
            event("f-1", "one", null), event("f-3", "two", null), event("f-4", "last", null));
    assertThat(
            read(InputFormat.jsonl, "{\"text\":\"a\"}\r{\r".getBytes(StandardCharsets.UTF_8))
                .get(1))
        .isInstanceOf(BadLine.class);
  }

  @Test
  void shouldKeepACarriageReturnWithinALine() throws IOException {
    assertThat(read(InputFormat.text, "10 %\r20 %\nnext\r\r\n".getBytes(StandardCharsets.UTF_8)))
        .containsExactly(event("f-1", "10 %\r20 %", null), event("f-2", "next\r", null));
  }

  @Test
  void shouldSeeCarriageReturnsBehindAHeadAsLongAsALineMayBe() throws IOException {
    // Given
    byte[] first = "one\rtwo\r".getBytes(StandardCharsets.UTF_8);
    byte[] long1 = new byte[LineReader.LIMIT];
    Arrays.fill(long1, (byte) 'x');

    // When
    List<InputItem> items =
        read(
            InputFormat.text,
            new SequenceInputStream(
                new ByteArrayInputStream(first),
                new SequenceInputStream(
                    new ByteArrayInputStream(long1),
                    new ByteArrayInputStream("\rlast".getBytes(StandardCharsets.UTF_8)))));

    // Then
    assertThat(items).extracting(InputItem::id).containsExactly("f-1", "f-2", "f-3", "f-4");
    assertThat(items.get(3)).isEqualTo(event("f-4", "last", null));
  }

  @ParameterizedTest
  @EnumSource(
      value = InputFormat.class,
      names = {"text", "jsonl"})
  void shouldGiveALineWhenItHasCome(InputFormat format) throws IOException {
    // Given an input that continues later, as a log does
    String line = format == InputFormat.text ? "a" : "{\"text\":\"a\"}";
    try (PipedOutputStream out = new PipedOutputStream();
        EventFile file = new EventFile("f", new PipedInputStream(out), format)) {
      // When
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();

      // Then nothing waits for more
      assertThat(file.next()).isEqualTo(event("f-1", "a", null));
    }
  }
}
