package io.dimee.testing;

import java.nio.file.Path;

/**
 * Where tests, and the processes that they start, keep what they assemble of a bundle, for all
 * modules and builds: a name in it identifies the content. Tests of the cache itself have their
 * own.
 */
public final class SharedCache {
  /** The folder, which is made when it is needed. */
  public static final Path FOLDER =
      Path.of(System.getProperty("dimee.test.cache", "target/test-cache")).toAbsolutePath();

  private SharedCache() {}
}
