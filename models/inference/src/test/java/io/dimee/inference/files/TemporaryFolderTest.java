package io.dimee.inference.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class TemporaryFolderTest {
  @Test
  void shouldGoWithAllThatIsInIt() throws IOException {
    // Given
    TemporaryFolder folder = TemporaryFolder.create("dimee-test");
    Files.createDirectories(folder.path().resolve("a/b"));
    Files.writeString(folder.path().resolve("a/b/c"), "c");

    // When
    folder.close();

    // Then it is gone, and closing again is no error
    assertThat(folder.path()).doesNotExist();
    folder.close();
  }
}
