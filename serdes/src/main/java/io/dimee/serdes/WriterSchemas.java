package io.dimee.serdes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The schemas that records have been written with, version by version: records in topics outlive
 * the build that wrote them.
 */
final class WriterSchemas {
  private static final String FILE = "schemas/v%d/%s.avsc";

  /** Those that there are; a type that a version left as it was has no file there. */
  private static final int VERSIONS = 4;

  private WriterSchemas() {}

  /** All versions of a type of record, oldest first. */
  static List<Schema> of(Class<?> type) {
    List<Schema> schemas = new ArrayList<>();
    for (int version = 1; version <= VERSIONS; version++) {
      String name = FILE.formatted(version, type.getSimpleName());
      try (InputStream file = type.getResourceAsStream(name)) {
        if (file != null) {
          schemas.add(new Schema.Parser().parse(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + name, e);
      }
    }
    return schemas;
  }
}
