package io.dimee.inference.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
  @TempDir Path directory;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void shouldMakeAFileOnce() throws IOException {
    // Given
    FileCache cache = new FileCache(directory);
    cache.get("a", file -> Files.writeString(file, "first"));

    // When
    Path file = cache.get("a", again -> Files.writeString(again, "second"));

    // Then
    assertThat(file).hasContent("first");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void shouldServeWholeFilesToThoseThatStartAtOnce() throws Exception {
    // Given two that are both writing before either is done
    CyclicBarrier bothWriting = new CyclicBarrier(2);
    Callable<Path> get =
        () ->
            new FileCache(directory)
                .get(
                    "a",
                    file -> {
                      Files.writeString(file, "begun, ");
                      try {
                        bothWriting.await();
                      } catch (Exception e) {
                        throw new IOException(e);
                      }
                      Files.writeString(file, "begun, done");
                    });
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      // When
      List<Future<Path>> files = threads.invokeAll(List.of(get, get));

      // Then
      for (Future<Path> file : files) {
        assertThat(file.get()).hasContent("begun, done");
      }
      assertThat(names()).containsExactly("a");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldLeaveNothingBehindWhenWritingFails() throws IOException {
    // Given
    FileCache cache = new FileCache(directory);

    // When
    assertThatThrownBy(
            () ->
                cache.get(
                    "a",
                    file -> {
                      Files.writeString(file, "half");
                      throw new IOException("the plug was pulled");
                    }))
        .isInstanceOf(FileCache.CacheException.class)
        .hasMessageContaining("the plug was pulled")
        .hasMessageContaining("cache-dir");

    // Then
    assertThat(names()).isEmpty();
  }

  @Test
  void shouldSayThatTheDiskIsFull() throws IOException {
    // Given a disk with room for 64 KiB
    Configuration small =
        Configuration.unix().toBuilder().setMaxSize(65_536).setBlockSize(4_096).build();
    try (FileSystem disk = Jimfs.newFileSystem(small)) {
      FileCache cache = new FileCache(disk.getPath("/cache"));

      // Then
      assertThatThrownBy(() -> cache.get("a", file -> Files.write(file, new byte[1_000_000])))
          .isInstanceOf(FileCache.CacheException.class)
          .hasMessageContaining("cannot write /cache/a")
          .hasMessageContaining("free some space");
      assertThat(Files.exists(disk.getPath("/cache/a"))).isFalse();
    }
  }

  @Test
  void shouldRemoveWhatKilledProcessesLeftLongAgo() throws IOException {
    // Given
    Path old = Files.createFile(directory.resolve(".tmp-old"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    Path young = Files.createFile(directory.resolve(".tmp-young"));

    // When
    new FileCache(directory).get("a", file -> Files.writeString(file, "x"));

    // Then
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }
}
