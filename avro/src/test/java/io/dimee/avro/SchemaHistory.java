package io.dimee.avro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The committed versions of the schemas: {@code schemas/vN/NAME.avsc}, oldest first. */
final class SchemaHistory {
  static final List<Schema> CURRENT =
      List.of(
          TextEvent.getClassSchema(),
          InferenceTask.getClassSchema(),
          Hop.getClassSchema(),
          Prediction.getClassSchema(),
          DeadLetter.getClassSchema(),
          Replay.getClassSchema(),
          LedgerEntry.getClassSchema());

  /** A schema as it was in one version. */
  record Snapshot(int version, Schema schema) {
    @Override
    public String toString() {
      return schema.getName() + " v" + version;
    }
  }

  private SchemaHistory() {}

  /** Returns the snapshots of a schema, oldest first; a version without a change has none. */
  static List<Snapshot> of(Schema schema) {
    TreeMap<Integer, Path> versions = new TreeMap<>();
    try (Stream<Path> folders = Files.list(root())) {
      folders.forEach(
          folder ->
              versions.put(Integer.valueOf(folder.getFileName().toString().substring(1)), folder));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the schema snapshots", e);
    }
    return versions.entrySet().stream()
        .flatMap(
            entry ->
                read(entry.getValue().resolve(schema.getName() + ".avsc"))
                    .map(old -> new Snapshot(entry.getKey(), old))
                    .stream())
        .toList();
  }

  private static Path root() {
    try {
      return Path.of(SchemaHistory.class.getResource("schemas").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the test resources are not in a folder", e);
    }
  }

  private static Optional<Schema> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Schema.Parser().parse(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
