package io.dimee.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path directory;

  @Test
  void shouldWriteLines() throws IOException {
    // Given a file that has content already
    Path file = Files.writeString(directory.resolve("lines"), "old\nold\nold\n");

    // When
    try (OutputFile output = OutputFile.open("output", file)) {
      output.line("one");
      output.line("zwölf");
    }

    // Then
    assertThat(file).hasContent("one\nzwölf\n");
  }

  @Test
  void shouldSayWhichOptionCannotBeWrittenWhenTheDiskIsFull() throws IOException {
    // Given Linux's file that is always full
    Assumptions.assumeThat(FULL).exists();

    // Then neither a flush nor a close hides it
    OutputFile flushed = OutputFile.open("output", FULL);
    flushed.line("lost");
    assertThatThrownBy(flushed::flush)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("output=/dev/full cannot be written: ");
    OutputFile closed = OutputFile.open("summary", FULL);
    closed.line("lost");
    assertThatThrownBy(closed::close)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("summary=/dev/full cannot be written: ");
  }

  @Test
  void shouldRefuseOneFileForTwoOptionsUnderAnyName() throws IOException {
    // Given
    Path file = Files.writeString(directory.resolve("file"), "precious");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    Path absent = directory.resolve("absent");

    // Then
    assertThatThrownBy(() -> OutputFile.requireDistinct(Map.of("input", file, "output", link)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("input=")
        .hasMessageContaining("are the same file");
    assertThatThrownBy(
            () ->
                OutputFile.requireDistinct(
                    Map.of("output", absent, "summary", directory.resolve("x/../absent"))))
        .isInstanceOf(ConfigurationException.class);
    assertThat(file).hasContent("precious");
  }

  @Test
  void shouldTakeFilesThatDifferOrAreNotGivenOrAreDevices() {
    Map<String, Path> files = new HashMap<>();
    files.put("input", null);
    files.put("output", directory.resolve("a"));
    files.put("summary", directory.resolve("b"));
    assertThatCode(() -> OutputFile.requireDistinct(files)).doesNotThrowAnyException();
    Path device = Path.of("/dev/null");
    assertThatCode(() -> OutputFile.requireDistinct(Map.of("output", device, "summary", device)))
        .doesNotThrowAnyException();
  }
}
