package io.dimee.inference.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessFolderTest {
  @TempDir Path parent;

  /** A folder as a killed process leaves it. */
  private Path abandoned(String name) throws IOException {
    Path folder = Files.createDirectories(parent.resolve("dimee-process-" + name));
    Files.writeString(folder.resolve(".lock"), "");
    Files.createDirectories(folder.resolve("onnxruntime"));
    Files.writeString(folder.resolve("onnxruntime/lib.so"), "code");
    return folder;
  }

  @Test
  void shouldGoWithAllThatIsInIt() throws IOException {
    // Given
    ProcessFolder folder = ProcessFolder.make(parent).orElseThrow();
    Files.createDirectories(folder.path().resolve("a/b"));
    Files.writeString(folder.path().resolve("a/b/c"), "c");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
        .isEqualTo("rwx------");

    // When
    folder.close();

    // Then
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void shouldDeleteWhatKilledProcessesLeftAndNothingElse() throws IOException {
    // Given what was left, what lives, what has just begun, and what is another's
    Path left = abandoned("left");
    Path neverLocked = Files.createDirectories(parent.resolve("dimee-process-never"));
    Files.setLastModifiedTime(neverLocked, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    Path begins = Files.createDirectories(parent.resolve("dimee-process-begins"));
    Path other = Files.createDirectories(parent.resolve("hsperfdata"));
    Path kept = Files.createDirectories(parent.resolve("kept"));
    Files.writeString(kept.resolve(".lock"), "");
    Path link = Files.createSymbolicLink(parent.resolve("dimee-process-link"), kept);
    ProcessFolder live = ProcessFolder.make(parent).orElseThrow();
    Path leftLater = abandoned("later");

    // When
    ProcessFolder next = ProcessFolder.make(parent).orElseThrow();

    // Then
    assertThat(left).doesNotExist();
    assertThat(neverLocked).doesNotExist();
    assertThat(leftLater).doesNotExist();
    assertThat(begins).exists();
    assertThat(other).exists();
    assertThat(link).isSymbolicLink();
    assertThat(kept.resolve(".lock")).exists();
    assertThat(live.path()).exists();
    live.close();
    next.close();
  }

  @Test
  void shouldDoWithoutWhereNoneCanBeMade() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "no folder");

    assertThat(ProcessFolder.make(file)).isEmpty();
    assertThat(ProcessFolder.make(parent.resolve("missing"))).isEmpty();
  }
}
