package io.dimee.tables;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** How a file of rows is laid out. */
public enum TableFormat {
  /** RFC 4180; cells are separated by commas, semicolons, tabs or vertical bars. */
  csv,
  /** Cells are separated by tabs and never quoted. */
  tsv,
  /** A JSON object a line, one array of objects, or one object with an array for each split. */
  jsonl,
  /** A line begins with its label: {@code __label__spam Win a prize}. */
  fasttext,
  /** Apache Parquet. */
  parquet;

  /** The format that a file's name tells; a final {@code .gz} is ignored. */
  public static Optional<TableFormat> ofName(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "csv" -> Optional.of(csv);
      case "tsv", "tab" -> Optional.of(tsv);
      case "jsonl", "ndjson", "json" -> Optional.of(jsonl);
      case "parquet" -> Optional.of(parquet);
      default -> Optional.empty();
    };
  }
}
