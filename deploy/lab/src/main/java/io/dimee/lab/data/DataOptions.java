package io.dimee.lab.data;

import io.dimee.calibration.data.ColumnChoice;
import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.DataFiles;
import io.dimee.calibration.data.LabelRules;
import io.dimee.calibration.data.Reading;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.tables.TableFile;
import io.dimee.tables.TableFormat;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Option;

/** Which files and columns a data set is made of. */
@OptionGroup(Heading.DATA)
public final class DataOptions {
  @Option(
      names = "--text-column",
      paramLabel = "NAME",
      split = ",",
      description =
          "Column of the text; several, separated by commas, are joined. By number from 1 if the file has no header."
              + " Default: text, sentence, content, review or body, in any case")
  private List<String> textColumns = List.of();

  @Option(
      names = "--pair-column",
      paramLabel = "NAME",
      description = "Column of the second text, for pairs of texts.")
  private String pairColumn;

  @Option(
      names = "--label-column",
      paramLabel = "NAME",
      description =
          "Column of the label, by name or number. Default: label, target, class, category, intent,"
              + " gold_label or is_duplicate")
  private String labelColumn;

  @Option(
      names = "--format",
      paramLabel = "csv|tsv|jsonl|fasttext|parquet",
      description =
          "Format of the files. csv also reads cells separated by semicolons, tabs or vertical bars; tsv has no"
              + " quotes. Default: by file name, else by the first line")
  private TableFormat format;

  @Option(
      names = "--label-prefix",
      paramLabel = "TEXT",
      description = "Text before the label of each fastText line; may be empty. Default: __label__")
  private String labelPrefix;

  @Option(
      names = "--dev",
      paramLabel = "FILE",
      description =
          "File to measure on. Default: dev.*, valid.* or validation.* if --data is a directory; else a part of the"
              + " training rows")
  private Path dev;

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description =
          "File to measure on if there is no dev file. Default: test.* if --data is a directory")
  private Path test;

  @Option(
      names = "--labels",
      paramLabel = "NAME",
      split = ",",
      description =
          "Classes in the order of their indices, separated by commas. Default: those of the training rows, sorted")
  private List<String> labels = List.of();

  @Option(
      names = "--label-map",
      paramLabel = "LABEL=NAME",
      split = ",",
      description =
          "Names of the labels in the files, e.g. 0=negative,1=positive; *=NAME for all others.")
  private Map<String, String> labelMap = new LinkedHashMap<>();

  @Option(
      names = "--label-pattern",
      paramLabel = "REGEX",
      description =
          "Part of a label that counts: the first group, or the whole match. ^[^:]+ makes NUM of NUM:date.")
  private String labelPattern;

  @Option(
      names = "--drop-labels",
      paramLabel = "NAME",
      split = ",",
      description = "Labels whose rows are left out, separated by commas.")
  private List<String> dropLabels = List.of();

  @Option(
      names = "--unknown-label",
      paramLabel = "NAME",
      description =
          "Label of rows that belong to no class (out of scope). They are not trained on; --abstain-below is fitted and"
              + " measured on them.")
  private String unknownLabel;

  /** The files. */
  public DataFiles files(Path data) {
    return DataFiles.of(data, Optional.ofNullable(dev), Optional.ofNullable(test));
  }

  /** How they are read. */
  public Reading reading() {
    return Reading.of(
        new TableFile.Layout(
            Optional.ofNullable(format),
            true,
            labelPrefix == null ? TableFile.FASTTEXT_PREFIX : labelPrefix),
        new ColumnChoice(
            textColumns, Optional.ofNullable(pairColumn), Optional.ofNullable(labelColumn)),
        new LabelRules(
            labels,
            labelMap,
            pattern(),
            Set.copyOf(dropLabels),
            Optional.ofNullable(unknownLabel)));
  }

  /** Whether anything is said that a recorded reading would not know. */
  public boolean sayHowToRead() {
    return format != null
        || labelPrefix != null
        || labelPattern != null
        || !textColumns.isEmpty()
        || pairColumn != null
        || labelColumn != null
        || !labels.isEmpty()
        || !labelMap.isEmpty()
        || !dropLabels.isEmpty()
        || unknownLabel != null;
  }

  private Optional<Pattern> pattern() {
    try {
      return Optional.ofNullable(labelPattern).map(Pattern::compile);
    } catch (PatternSyntaxException e) {
      throw new DataException(
          "label-pattern=%s is not a regular expression: %s"
              .formatted(labelPattern, e.getDescription()),
          e);
    }
  }
}
