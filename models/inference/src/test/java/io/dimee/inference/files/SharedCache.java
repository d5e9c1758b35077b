package io.dimee.inference.files;

import java.nio.file.Path;

/**
 * Where tests keep what they assemble, for all tests, modules and builds: a name in it identifies
 * the content. Tests of the cache itself have their own.
 */
public final class SharedCache {
  private SharedCache() {}

  /** Files of all tests. */
  public static FileCache open() {
    return new FileCache(Path.of(System.getProperty("dimee.test.cache", "target/test-cache")));
  }
}
