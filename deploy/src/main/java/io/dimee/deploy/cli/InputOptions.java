package io.dimee.deploy.cli;

import io.dimee.deploy.ConfigurationException;
import io.dimee.deploy.events.EventFile;
import io.dimee.deploy.events.InputFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import picocli.CommandLine.Option;

/** Where events come from. */
final class InputOptions {
  private static final String SAMPLES = "/io/dimee/deploy/sample-events.jsonl";
  private static final String STANDARD_INPUT = "-";

  @Option(
      names = "--input",
      paramLabel = "FILE|-",
      description = "File of events, or - for standard input. Default: sample events")
  private String input;

  @Option(
      names = "--format",
      paramLabel = "text|tsv|jsonl",
      description =
          "text: a line is a text. tsv: GLUE's columns, header or none. jsonl: a line is an object with"
              + " text and optionally id, text_pair, label, attributes. Default: by the file's name")
  private InputFormat format;

  /** The file, or null when events come from elsewhere. */
  Path file() {
    return input == null || input.equals(STANDARD_INPUT)
        ? null
        : ConfigurationException.check(() -> Path.of(input));
  }

  EventFile open() {
    if (input == null) {
      InputStream samples = InputOptions.class.getResourceAsStream(SAMPLES);
      return new EventFile(
          "sample", Objects.requireNonNull(samples, "sample events"), InputFormat.jsonl);
    }
    if (input.equals(STANDARD_INPUT)) {
      return new EventFile("stdin", System.in, format == null ? InputFormat.text : format);
    }
    Path file = file();
    if (Files.isDirectory(file)) {
      throw new ConfigurationException(
          "input=%s is a directory; valid: a file or -".formatted(input));
    }
    try {
      return new EventFile(
          file.getFileName().toString(), Files.newInputStream(file), formatOf(file));
    } catch (IOException e) {
      throw new ConfigurationException(
          "input=%s cannot be read: %s; valid: a file or -".formatted(input, reason(e)), e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "it does not exist" : e.toString();
  }

  private InputFormat formatOf(Path file) {
    if (format != null) {
      return format;
    }
    String name = file.getFileName().toString();
    if (name.endsWith(".tsv")) {
      return InputFormat.tsv;
    }
    return name.endsWith(".jsonl") || name.endsWith(".json") ? InputFormat.jsonl : InputFormat.text;
  }
}
