package io.dimee.console;

import io.dimee.client.events.EventColumns;
import io.dimee.client.events.EventFile;
import io.dimee.client.events.InputFormat;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** Where events come from. */
@OptionGroup(Heading.INPUT)
public final class InputOptions {
  private static final String SAMPLES = "/io/dimee/client/sample-events.jsonl";
  private static final String STANDARD_INPUT = "-";
  private static final int RANDOM_BYTES = 6;
  private static final int MAX_PREFIX_CHARS = 200;
  private static final Map<String, InputFormat> BY_NAME =
      Map.of(
          ".csv", InputFormat.csv,
          ".tsv", InputFormat.tsv,
          ".jsonl", InputFormat.jsonl,
          ".ndjson", InputFormat.jsonl,
          ".json", InputFormat.jsonl);

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--input",
      paramLabel = "FILE|-",
      description =
          "File of events, or - for standard input. Default: sample events that come with the program")
  private String input;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--format",
      paramLabel = "text|csv|tsv|jsonl",
      description =
          "text: one text per line. csv: RFC 4180 with a header; the text is in the column text, sentence,"
              + " content, review or body, the label in label, target, class, category or intent; id and text_pair are"
              + " read too. tsv: columns as in GLUE, with or without a header. jsonl: one object per line with text and"
              + " optionally id, text_pair, label and attributes, or an array of such objects. Each may be compressed"
              + " with gzip. Default: by the file name, else text")
  private InputFormat format;

  @Option(
      names = "--text-column",
      paramLabel = "NAME",
      split = ",",
      description =
          "Column or JSON field of the text; several are joined. By number from 1 for tsv without a header. Default:"
              + " by their usual names")
  private List<String> textColumn;

  @Option(
      names = "--pair-column",
      paramLabel = "NAME",
      description = "Column or JSON field of a pair's second text. Only with --text-column")
  private String pairColumn;

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      description = "Column or JSON field of the gold label. Only with --text-column")
  private String labelColumn;

  @Option(
      names = "--id-prefix",
      paramLabel = "PREFIX",
      description =
          "Events without an id get PREFIX-LINE, the same each time the file is sent. Default: the file name;"
              + " produce adds a random part, so that no id repeats")
  private String idPrefix;

  /** The file, or null when events come from elsewhere. */
  public Path file() {
    return input == null || input.equals(STANDARD_INPUT)
        ? null
        : ConfigurationException.check(() -> Path.of(input));
  }

  /** Opens the input; ids that it does not bring are made of its name. */
  public EventFile open() {
    return open(UnaryOperator.identity());
  }

  /** Opens the input; ids that it does not bring are no other run's. */
  public EventFile openForSharedTopics() {
    return open(name -> name + "-" + random());
  }

  /** Enough for a number of runs that nobody makes. */
  private static String random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private EventFile open(UnaryOperator<String> prefixOfName) {
    if (input == null) {
      InputStream samples = InputOptions.class.getResourceAsStream(SAMPLES);
      return new EventFile(
          "sample", Objects.requireNonNull(samples, "sample events"), InputFormat.jsonl);
    }
    if (input.equals(STANDARD_INPUT)) {
      // not begun: its first line may come late
      return events(idPrefix("stdin", prefixOfName), System.in, format);
    }
    Path file = file();
    if (Files.isDirectory(file)) {
      throw new ConfigurationException(
          "input=%s is a directory; valid: a file or -".formatted(input));
    }
    if (!Files.exists(file)) {
      throw new ConfigurationException(
          "input=%s does not exist; valid: a file or -".formatted(input));
    }
    try {
      return begun(file, idPrefix(file.getFileName().toString(), prefixOfName));
    } catch (IOException e) {
      throw new ConfigurationException(
          "input=%s cannot be read: %s; valid: a file or -".formatted(input, e.getMessage()), e);
    }
  }

  private EventFile begun(Path file, String prefix) throws IOException {
    // not Files.newInputStream: what it opens tells no pipe from a file, and seeks in it
    EventFile events = events(prefix, new FileInputStream(file.toFile()), formatOf(file));
    if (Files.isRegularFile(file)) {
      try {
        events.begin();
      } catch (IOException | RuntimeException e) {
        events.close();
        throw e;
      }
    }
    return events;
  }

  private EventFile events(String prefix, InputStream in, InputFormat known) {
    EventColumns columns =
        new EventColumns(
            textColumn == null ? List.of() : textColumn,
            Optional.ofNullable(pairColumn),
            Optional.ofNullable(labelColumn));
    if (columns.text().isEmpty()) {
      return known == null
          ? EventFile.ofTexts(input, prefix, in)
          : new EventFile(input, prefix, in, known);
    }
    if (known == null || known == InputFormat.text) {
      throw new ConfigurationException(
          "text-column=%s: input=%s is read as lines of text; valid: --format csv, tsv or jsonl"
              .formatted(String.join(",", columns.text()), input));
    }
    return new EventFile(input, prefix, in, known, columns);
  }

  private String idPrefix(String name, UnaryOperator<String> prefixOfName) {
    if (idPrefix == null) {
      return prefixOfName.apply(name);
    }
    if (idPrefix.isBlank() || idPrefix.length() > MAX_PREFIX_CHARS) {
      throw new ConfigurationException(
          "id-prefix=%s; valid: 1 to %d characters, not blank"
              .formatted(idPrefix, MAX_PREFIX_CHARS));
    }
    return idPrefix;
  }

  /** The format that somebody chose, or that the file's name tells; else null. */
  private InputFormat formatOf(Path file) {
    if (format != null) {
      return format;
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    return BY_NAME.entrySet().stream()
        .filter(entry -> name.endsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
