package io.dimee.inference.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
  @Test
  void shouldBeBelowTheUsersHome() {
    assertThat(CacheFolder.of(Map.of(), "/home/a")).contains(Path.of("/home/a/.cache/dimee"));
    assertThat(CacheFolder.of(Map.of("HOME", "/home/b"), "/home/a"))
        .contains(Path.of("/home/a/.cache/dimee"));
  }

  @Test
  void shouldBeWhereTheEnvironmentHasCaches() {
    assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "/caches"), "/home/a"))
        .contains(Path.of("/caches/dimee"));
    assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", " "), "/home/a"))
        .contains(Path.of("/home/a/.cache/dimee"));
    // the specification has it ignored
    assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "caches"), "/home/a"))
        .contains(Path.of("/home/a/.cache/dimee"));
  }

  /** OpenShift runs containers as a user of no account. */
  @Test
  void shouldAskTheEnvironmentForTheHomeOfAUserWithoutAccount() {
    assertThat(CacheFolder.of(Map.of("HOME", "/opt/app"), "?"))
        .contains(Path.of("/opt/app/.cache/dimee"));
    assertThat(CacheFolder.of(Map.of(), "?")).isEmpty();
    assertThat(CacheFolder.of(Map.of("HOME", ""), null)).isEmpty();
  }
}
