package io.dimee.calibration.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
  @TempDir Path directory;

  private Path file(String name) throws IOException {
    return Files.writeString(directory.resolve(name), name);
  }

  private DataFiles files() {
    return DataFiles.of(directory, Optional.empty(), Optional.empty());
  }

  @Test
  void shouldFindTheFilesOfADirectory() throws IOException {
    file("train.csv.gz");
    file("validation.csv");
    file("test.txt");
    file("train.py");
    file("README.md");

    assertThat(files())
        .isEqualTo(
            new DataFiles(
                directory.resolve("train.csv.gz"),
                Optional.of(directory.resolve("validation.csv")),
                Optional.of(directory.resolve("test.txt"))));
  }

  @Test
  void shouldRefuseWhatIsMissingAmbiguousOrTheSame() throws IOException {
    assertThatThrownBy(this::files)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has no file train.*");
    Path train = file("train.csv");
    file("train.tsv");
    assertThatThrownBy(this::files).hasMessageContaining("may both be the rows of train");
    Path copy = Files.copy(train, directory.resolve("copy.csv"));
    assertThatThrownBy(() -> DataFiles.of(train, Optional.of(copy), Optional.empty()))
        .hasMessageContaining("is the same as train=");
    assertThatThrownBy(
            () -> DataFiles.of(directory.resolve("none"), Optional.empty(), Optional.empty()))
        .hasMessageContaining("does not exist");
  }
}
