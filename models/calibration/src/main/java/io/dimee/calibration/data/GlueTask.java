package io.dimee.calibration.data;

import io.dimee.tables.TableFile;
import io.dimee.tables.TableFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Presets for the tasks of GLUE: where their columns are and what their labels mean. */
@SuppressWarnings("ImmutableEnumChecker") // the lists come from Stream.toList and cannot change
public enum GlueTask {
  SST2("SST-2", "sentence", null, "label", "0=negative", "1=positive"),
  MRPC("MRPC", "#1 String", "#2 String", "Quality", "0=different", "1=paraphrase"),
  RTE(
      "RTE",
      "sentence1",
      "sentence2",
      "label",
      "not_entailment=not_entailment",
      "entailment=entailment"),
  COLA("CoLA", "4", null, "2", "0=unacceptable", "1=acceptable"),
  QNLI(
      "QNLI",
      "question",
      "sentence",
      "label",
      "not_entailment=not_entailment",
      "entailment=entailment"),
  QQP("QQP", "question1", "question2", "is_duplicate", "0=different", "1=duplicate"),
  MNLI(
      "MNLI",
      "sentence1",
      "sentence2",
      "label",
      "contradiction=contradiction",
      "neutral=neutral",
      "entailment=entailment"),
  /** Only more rows to train MNLI on: it comes without dev rows. */
  SNLI(
      "SNLI",
      "sentence1",
      "sentence2",
      "label",
      "contradiction=contradiction",
      "neutral=neutral",
      "entailment=entailment");

  private final String folder;
  private final String text;
  private final String pair;
  private final String label;
  private final List<String> codes;
  private final List<String> labels;

  GlueTask(String folder, String text, String pair, String label, String... labels) {
    this.folder = folder;
    this.text = text;
    this.pair = pair;
    this.label = label;
    this.codes = Arrays.stream(labels).map(l -> l.substring(0, l.indexOf('='))).toList();
    this.labels = Arrays.stream(labels).map(l -> l.substring(l.indexOf('=') + 1)).toList();
  }

  /**
   * Finds a task by its published name, by folder or constant, in any case.
   *
   * @throws DataException when there is none; the message lists those that exist
   */
  public static GlueTask of(String name) {
    return benchmark().stream()
        .filter(t -> t.folder.equalsIgnoreCase(name) || t.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "task=%s is not known; valid: %s"
                        .formatted(name, benchmark().stream().map(GlueTask::folder).toList())));
  }

  /** The tasks with dev rows: those that bundles are made for. */
  public static List<GlueTask> benchmark() {
    return Arrays.stream(values()).filter(task -> task != SNLI).toList();
  }

  /** Name of the bundle that is made for the task unless its user says otherwise. */
  public String bundleName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Published name, and folder below the data directory. */
  public String folder() {
    return folder;
  }

  /** How its files are read: no row may be malformed. */
  Reading reading() {
    return new Reading(
        new TableFile.Layout(Optional.of(TableFormat.tsv), true, TableFile.FASTTEXT_PREFIX),
        new ColumnChoice(List.of(text), Optional.ofNullable(pair), Optional.of(label)),
        LabelRules.ofCodes(codes, labels),
        0);
  }

  /** Whether each row has two texts. */
  public boolean isPair() {
    return pair != null;
  }

  /** Labels as the files write them, in the order of the class indices. */
  List<String> codes() {
    return codes;
  }

  /** Class names, in the order of the class indices. */
  public List<String> labels() {
    return labels;
  }

  /** What GLUE ranks the task by. */
  public Score score() {
    return this == COLA ? Score.MATTHEWS : Score.ACCURACY;
  }

  /** File with the evaluation rows. */
  public String devFile() {
    return this == MNLI ? "dev_matched.tsv" : "dev.tsv";
  }
}
