package io.dimee.calibration.data;

import io.dimee.tables.Split;
import io.dimee.tables.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a data set.
 *
 * @param train rows to train and calibrate on; where they name a split, also the others
 * @param dev rows to measure on
 * @param test rows to measure on at last
 */
public record DataFiles(Path train, Optional<Path> dev, Optional<Path> test) {
  /** Checks that no file is two of them. */
  public DataFiles {
    dev.ifPresent(file -> requireOther("dev", file, "train", train));
    test.ifPresent(file -> requireOther("test", file, "train", train));
    if (dev.isPresent() && test.isPresent()) {
      requireOther("test", test.get(), "dev", dev.get());
    }
  }

  /**
   * Finds the files of a data set.
   *
   * @param data the file with the training rows, or a folder with {@code train.*} and perhaps
   *     {@code dev.*} (or {@code valid}, {@code validation}, {@code val}) and {@code test.*}
   * @param dev the file with rows to measure on, where it has another name
   * @param test likewise
   */
  public static DataFiles of(Path data, Optional<Path> dev, Optional<Path> test) {
    if (!Files.exists(data)) {
      throw new DataException("data=%s does not exist".formatted(data));
    }
    if (!Files.isDirectory(data)) {
      return new DataFiles(data, dev, test);
    }
    Map<Split, Path> found = new EnumMap<>(Split.class);
    try (Stream<Path> list = Files.list(data)) {
      for (Path file : list.filter(Files::isRegularFile).sorted().toList()) {
        splitOf(file).ifPresent(split -> put(found, split, file));
      }
    } catch (IOException e) {
      throw new DataException("cannot read the folder %s: %s".formatted(data, e), e);
    }
    if (!found.containsKey(Split.TRAIN)) {
      throw new DataException(
          "data=%s has no file train.*; valid: a file, or a folder with train.csv (or tsv, jsonl, json, parquet, txt)"
              .formatted(data));
    }
    return new DataFiles(
        found.get(Split.TRAIN),
        dev.or(() -> Optional.ofNullable(found.get(Split.DEV))),
        test.or(() -> Optional.ofNullable(found.get(Split.TEST))));
  }

  private static Optional<Split> splitOf(Path file) {
    String name = file.getFileName().toString();
    String stem = name.substring(0, Math.max(0, name.indexOf('.')));
    boolean isTable = TableFormat.ofName(file).isPresent() || name.matches(".*\\.txt(\\.gz)?");
    return Stream.of(Split.values())
        .filter(split -> isTable && split.names().contains(stem))
        .findFirst();
  }

  private static void put(Map<Split, Path> found, Split split, Path file) {
    Path other = found.put(split, file);
    if (other != null) {
      throw new DataException(
          "%s and %s may both be the rows of %s; name the one that is meant"
              .formatted(other, file.getFileName(), split.names().get(0)));
    }
  }

  private static void requireOther(String key, Path file, String otherKey, Path other) {
    try {
      if (Files.exists(file) && Files.exists(other) && Files.mismatch(file, other) < 0) {
        throw new DataException(
            "%s=%s is the same as %s=%s: what is trained on cannot be measured on"
                .formatted(key, file, otherKey, other));
      }
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, e), e);
    }
  }

  /** The files that are there, in the order of the splits. */
  List<Map.Entry<Split, Path>> all() {
    return Stream.of(
            Optional.of(Map.entry(Split.TRAIN, train)),
            dev.map(file -> Map.entry(Split.DEV, file)),
            test.map(file -> Map.entry(Split.TEST, file)))
        .flatMap(Optional::stream)
        .toList();
  }
}
