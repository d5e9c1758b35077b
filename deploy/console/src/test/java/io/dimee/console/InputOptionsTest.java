package io.dimee.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.client.events.EventFile;
import io.dimee.client.events.InputItem;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Where events come from, how the file's name tells its format, and what ids they get. */
class InputOptionsTest {
  @TempDir Path directory;

  private static InputOptions options(String... arguments) {
    return CommandLine.populateCommand(new InputOptions(), arguments);
  }

  private static InputItem first(EventFile file) throws IOException {
    try (file) {
      return file.next();
    }
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(
        Files.createDirectories(directory).resolve(name), content, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.csv | id,text\\n7,a,\\n",
        "A.CSV | id,text\\n7,a,\\n",
        "a.tsv | id\\tsentence\\n7\\ta\\n",
        "a.jsonl | {\"id\":7,\"text\":\"a\"}\\n",
        "a.ndjson | {\"id\":7,\"text\":\"a\"}\\n",
        "a.json | [{\"id\":7,\"text\":\"a\"}]"
      })
  void shouldSeeTheFormatInTheName(String name, String content) throws IOException {
    // Given
    String text = content.replace("\\n", "\n").replace("\\t", "\t");
    Path plain = file(name, text);
    Path compressed = directory.resolve(name + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    // Then
    for (Path path : new Path[] {plain, compressed}) {
      InputItem item = first(options("--input", path.toString()).open());
      assertThat((InputItem.Event) item)
          .returns("7", InputItem.Event::id)
          .returns("a", InputItem.Event::text);
    }
  }

  @Test
  void shouldRefuseAFileBeforeAnythingElseIsStarted() throws IOException {
    // Given
    Path file = file("reviews.csv", "title,stars\nfine,5\n");

    // Then
    assertThatThrownBy(() -> options("--input", file.toString()).open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("input=" + file + ": the header has no column named text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\": 1, \"text\": \"a\"} | jsonl",
        "[{\"text\":\"a\"}, {\"text\":\"b\"}] | jsonl",
        "sentence\\tlabel | tsv",
        "question1\\tquestion2 | tsv",
        "Review\\tLabel | csv",
        "text,label | csv",
        "\"Id\";\"Review\" | csv"
      })
  void shouldNotTakeAnotherFormatsLinesForTexts(String first, String format) throws IOException {
    // Given a name that tells nothing
    Path file = file("reviews.txt", first.replace("\\t", "\t") + "\nnext\n");

    // Then
    assertThatThrownBy(() -> options("--input", file.toString()).open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("reviews.txt looks like " + format)
        .hasMessageContaining("--format text");
    assertThat(first(options("--input", file.toString(), "--format", "text").open()))
        .isInstanceOf(InputItem.Event.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text",
        "The text, label and all",
        "{\"message\":\"a\"}",
        "[12:00] {\"text\": 1}",
        "text | class act",
        "body; soul"
      })
  void shouldTakeLinesForTextsOtherwise(String line) throws IOException {
    // Given
    Path file = file("reviews.txt", line + "\n");

    // Then
    assertThat((InputItem.Event) first(options("--input", file.toString()).open()))
        .returns(line, InputItem.Event::text);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void shouldReadAPipe() throws Exception {
    // Given a named pipe, as a shell makes one of <(command)
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Process writer =
        new ProcessBuilder("sh", "-c", "printf 'a fine film\\n' > '" + pipe + "'").start();

    // When
    InputItem item = first(options("--input", pipe.toString()).open());

    // Then
    assertThat((InputItem.Event) item).returns("a fine film", InputItem.Event::text);
    assertThat(writer.waitFor()).isZero();
  }

  @Test
  void shouldMakeIdsOfTheNameForTopicsOfOneRun() throws IOException {
    // Given
    Path file = file("reviews.txt", "fine\n");

    // Then
    assertThat(first(options("--input", file.toString()).open()).id()).isEqualTo("reviews.txt-1");
  }

  @Test
  void shouldMakeIdsForSharedTopicsThatNoOtherRunMakes() throws IOException {
    // Given
    Path file = file("reviews.txt", "fine\n");

    // When
    String one = first(options("--input", file.toString()).openForSharedTopics()).id();
    String other = first(options("--input", file.toString()).openForSharedTopics()).id();

    // Then
    assertThat(one).matches("reviews\\.txt-[0-9a-f]{12}-1").isNotEqualTo(other);
  }

  @Test
  void shouldMakeTheSameIdsOfAPrefix() throws IOException {
    // Given
    Path file = file("reviews.txt", "fine\n");
    InputOptions options = options("--input", file.toString(), "--id-prefix", "reviews 2026");

    // Then
    assertThat(first(options.openForSharedTopics()).id()).isEqualTo("reviews 2026-1");
    assertThat(first(options.open()).id()).isEqualTo("reviews 2026-1");
  }

  @Test
  void shouldKeepTheIdsOfTheSamples() throws IOException {
    assertThat(first(options().openForSharedTopics()).id()).isEqualTo("sample-01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "long"})
  void shouldRefuseAPrefixThatIsNone(String prefix) throws IOException {
    // Given
    Path file = file("reviews.txt", "fine\n");
    String value = prefix.equals("long") ? "x".repeat(201) : prefix;

    // Then
    assertThatThrownBy(
            () -> options("--input", file.toString(), "--id-prefix", value).openForSharedTopics())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("id-prefix=")
        .hasMessageContaining("valid: 1 to 200 characters");
  }
}
