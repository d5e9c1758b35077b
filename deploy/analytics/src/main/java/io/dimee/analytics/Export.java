package io.dimee.analytics;

import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/**
 * Files of a table, in folders named after the values that their rows share.
 *
 * @param table name of the table
 * @param format of the files
 * @param partitions columns that make folders, outermost first; day and hour are made from the
 *     record's own time
 * @param directory where the files go
 * @param overwrites whether an earlier export in the directory may go
 */
public record Export(
    String table, Format format, List<String> partitions, Path directory, boolean overwrites) {
  private static final List<String> FORMATS =
      Stream.of(Format.values()).map(Format::suffix).toList();

  /** Folders that hold their own names: key=value. */
  private static final String FOLDER = "[a-z_]+=.*";

  /** File formats. */
  public enum Format {
    /** Apache Parquet, compressed with Zstandard. */
    PARQUET,
    /** CSV with a header; nested values are JSON. */
    CSV;

    private String suffix() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What was written.
   *
   * @param bytes of all files
   */
  public record Result(long files, long rows, long bytes) {}

  /**
   * Checks what was asked for.
   *
   * @throws ConfigurationException when there is no such table or column, or the directory holds
   *     something
   */
  public Export {
    TopicTable<?> found = find(table);
    List<String> valid = partitionColumns(found);
    for (String partition : partitions) {
      if (!valid.contains(partition)) {
        throw new ConfigurationException(
            "partition-by=%s is not a column that can partition %s; valid: %s"
                .formatted(partition, table, String.join(", ", valid)));
      }
    }
    if (partitions.stream().distinct().count() < partitions.size()) {
      throw new ConfigurationException(
          "partition-by=%s names a column twice".formatted(String.join(",", partitions)));
    }
    partitions = List.copyOf(partitions);
    requireUsable(directory, overwrites);
  }

  private static TopicTable<?> find(String table) {
    List<TopicTable<?>> all = new Tables(List.of()).topics();
    return all.stream()
        .filter(candidate -> candidate.name().equals(table))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "table=%s is not a table; valid: %s"
                        .formatted(
                            table,
                            all.stream().map(TopicTable::name).collect(Collectors.joining(", ")))));
  }

  private static List<String> partitionColumns(TopicTable<?> table) {
    List<String> columns = new ArrayList<>(List.of("day", "hour", "partition"));
    table.columns().stream()
        .filter(column -> column.type().matches("VARCHAR|INTEGER|BOOLEAN"))
        .forEach(column -> columns.add(column.name()));
    return columns;
  }

  private static void requireUsable(Path directory, boolean overwrites) {
    if (!Files.exists(directory)) {
      return;
    }
    if (!Files.isDirectory(directory)) {
      throw new ConfigurationException(
          "output=%s is a file; valid: a directory that is empty or does not exist"
              .formatted(directory));
    }
    for (Path child : children(directory)) {
      if (!overwrites) {
        throw new ConfigurationException(
            "output=%s is not empty; valid: an empty directory, or --overwrite to replace an earlier export"
                .formatted(directory));
      }
      if (!isExported(child)) {
        throw new ConfigurationException(
            "output=%s holds %s, which is not from an export; valid: a directory that holds nothing but an export"
                .formatted(directory, child.getFileName()));
      }
    }
  }

  private static boolean isExported(Path child) {
    String name = child.getFileName().toString();
    if (Files.isDirectory(child)) {
      return name.matches(FOLDER) && children(child).stream().allMatch(Export::isExported);
    }
    return FORMATS.stream().anyMatch(suffix -> name.endsWith("." + suffix));
  }

  private static List<Path> children(Path directory) {
    try (Stream<Path> children = Files.list(directory)) {
      return children.sorted().toList();
    } catch (IOException e) {
      throw new ConfigurationException("output=%s cannot be read: %s".formatted(directory, e), e);
    }
  }

  /**
   * Writes the files beside the directory and moves them there when all are whole.
   *
   * @throws IOException when the file system refuses
   * @throws SQLException when DuckDB fails
   */
  public Result write(QuerySession session) throws IOException, SQLException {
    Path target = directory.toAbsolutePath().normalize();
    Files.createDirectories(target.getParent());
    Path temporary =
        target.resolveSibling(".%s.%s".formatted(target.getFileName(), UUID.randomUUID()));
    try {
      Files.createDirectories(temporary);
      session.command(copy(temporary));
      long rows = session.count(table);
      Result result = measure(temporary, rows);
      if (Files.exists(target)) {
        for (Path child : children(target)) {
          PathUtils.delete(child);
        }
        Files.delete(target);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return result;
    } finally {
      if (Files.exists(temporary)) {
        PathUtils.deleteDirectory(temporary);
      }
    }
  }

  private String copy(Path target) {
    TopicTable<?> source = find(table);
    Map<String, String> columns = new LinkedHashMap<>();
    source.columns().forEach(column -> columns.put(column.name(), exported(column)));
    for (String name : List.of("partition", "offset", "written_at")) {
      columns.put(name, "\"%s\"".formatted(name));
    }
    for (String name : List.of("day", "hour")) {
      if (partitions.contains(name)) {
        columns.put(
            name,
            name.equals("day")
                ? "strftime(%s, '%%Y-%%m-%%d')".formatted(source.time())
                : "strftime(%s, '%%Y-%%m-%%dT%%H')".formatted(source.time()));
      }
    }
    String select =
        columns.entrySet().stream()
            .map(column -> "%s AS \"%s\"".formatted(column.getValue(), column.getKey()))
            .collect(Collectors.joining(", "));
    String options =
        format == Format.PARQUET ? "FORMAT parquet, COMPRESSION zstd" : "FORMAT csv, HEADER";
    String where =
        partitions.isEmpty()
            ? DuckDb.quoted(target.resolve(table + "." + format.suffix()).toString())
            : DuckDb.quoted(target.toString());
    String folders =
        partitions.isEmpty()
            ? ""
            : ", PARTITION_BY (%s)"
                .formatted(
                    partitions.stream()
                        .map(name -> "\"%s\"".formatted(name))
                        .collect(Collectors.joining(", ")));
    return "COPY (SELECT %s FROM %s) TO %s (%s%s)"
        .formatted(select, table, where, options, folders);
  }

  /** CSV has no nested values. */
  private String exported(Column column) {
    boolean isNested = column.type().endsWith("]") || column.type().endsWith(")");
    return format == Format.CSV && isNested
        ? "to_json(\"%s\")".formatted(column.name())
        : "\"%s\"".formatted(column.name());
  }

  private static Result measure(Path directory, long rows) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return new Result(files.size(), rows, bytes);
  }
}
