package io.dimee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.deploy.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssembleCommandTest {
  @TempDir Path directory;

  private CommandResult assemble() {
    return CommandResult.of(
        "assemble", "--bundle", "../testing/bundles/tiny", "--cache-dir", directory.toString());
  }

  private Map<String, FileTime> files() throws IOException {
    Map<String, FileTime> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path file : entries.toList()) {
        files.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
      }
    }
    return files;
  }

  @Test
  void shouldMakeWhatTiersLoadOnce() throws IOException {
    // When
    CommandResult first = assemble();
    Map<String, FileTime> made = files();
    CommandResult second = assemble();

    // Then
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains("4 segments");
    assertThat(made.keySet())
        .hasSize(5)
        .allMatch(name -> name.startsWith("segment-") || name.startsWith("embedding-"));
    assertThat(second.code()).isZero();
    assertThat(files()).isEqualTo(made);
  }

  @Test
  void shouldNameABundleThatIsNone() {
    CommandResult result = CommandResult.of("assemble", "--bundle", "none");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("bundle=none");
  }
}
