package io.dimee.inference.files;

import java.nio.file.Path;

/** Where a process has its temporary files. */
public final class TemporaryFiles {
  /**
   * Property that names the folder. A program may set it when it starts; the JDK's own methods
   * without a folder go by what it was before.
   */
  public static final String FOLDER = "java.io.tmpdir";

  private TemporaryFiles() {}

  /** The folder, as the property says now. */
  public static Path folder() {
    return Path.of(System.getProperty(FOLDER));
  }
}
