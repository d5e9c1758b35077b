package io.dimee.client.events;

import io.dimee.tables.UsualNames;
import io.dimee.topology.cluster.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds columns by the names that they usually have. */
final class ColumnNames {
  private static final String PAIR = "text_pair";
  private static final List<Texts> PAIRS =
      List.of(
          new Texts("#1 String", "#2 String"),
          new Texts("sentence1", "sentence2"),
          new Texts("question1", "question2"),
          new Texts("question", "sentence"),
          new Texts("premise", "hypothesis"));
  private static final List<Texts> GLUE =
      Stream.concat(
              PAIRS.stream(),
              Stream.of(
                  new Texts("text", PAIR), new Texts("sentence", null), new Texts("text", null)))
          .toList();
  private static final String ID = "id";
  private static final List<String> GLUE_LABELS =
      List.of("label", "gold_label", "Quality", "is_duplicate");

  private ColumnNames() {}

  /** Names of the columns with the texts. */
  private record Texts(String text, String pair) {}

  /** The columns of GLUE's tasks, or null when the row is no header of theirs. */
  static Columns ofGlue(List<String> row) {
    for (Texts texts : GLUE) {
      if (row.contains(texts.text()) && (texts.pair() == null || row.contains(texts.pair()))) {
        int label =
            GLUE_LABELS.stream().filter(row::contains).findFirst().map(row::indexOf).orElse(-1);
        return new Columns(
            row.indexOf(ID),
            row.indexOf(texts.text()),
            texts.pair() == null ? -1 : row.indexOf(texts.pair()),
            label);
      }
    }
    return null;
  }

  /** Whether a header names a text, in any case. */
  static boolean nameText(List<String> header) {
    return !texts(plain(header)).isEmpty();
  }

  /** Whether a row is hardly anything but a header: it names a text, and what belongs to one. */
  static boolean areHeader(List<String> row) {
    List<String> names = plain(row);
    List<Texts> texts = texts(names);
    return !texts.isEmpty()
        && (texts.get(0).pair() != null
            || names.contains(ID)
            || names.contains(PAIR)
            || names.stream().anyMatch(UsualNames.LABELS::contains));
  }

  /**
   * The columns that a header names, in any case.
   *
   * @param input names the input in messages
   * @throws ConfigurationException when no column is the text, or when several may be
   */
  static Columns of(String input, List<String> header) {
    List<String> names = plain(header);
    List<Texts> texts = texts(names);
    if (texts.size() != 1) {
      throw refused(
          input, texts.isEmpty() ? "no column" : "several columns", UsualNames.TEXTS, header);
    }
    List<String> labels = names.stream().filter(UsualNames.LABELS::contains).toList();
    if (labels.size() > 1) {
      throw refused(input, "several columns", UsualNames.LABELS, header);
    }
    Texts chosen = texts.get(0);
    return new Columns(
        names.indexOf(ID),
        names.indexOf(chosen.text()),
        names.indexOf(chosen.pair() == null ? PAIR : chosen.pair()),
        labels.isEmpty() ? -1 : names.indexOf(labels.get(0)));
  }

  /** All that may be the texts; a column of a pair is none by itself. */
  private static List<Texts> texts(List<String> names) {
    List<Texts> found = new ArrayList<>();
    List<String> rest = new ArrayList<>(names);
    for (Texts texts : PAIRS) {
      Texts pair = new Texts(UsualNames.plain(texts.text()), UsualNames.plain(texts.pair()));
      if (rest.contains(pair.text()) && rest.contains(pair.pair())) {
        found.add(pair);
        rest.removeAll(List.of(pair.text(), pair.pair()));
      }
    }
    rest.stream()
        .filter(UsualNames.TEXTS::contains)
        .forEach(name -> found.add(new Texts(name, null)));
    return found;
  }

  private static List<String> plain(List<String> header) {
    return header.stream().map(UsualNames::plain).toList();
  }

  private static ConfigurationException refused(
      String input, String what, List<String> valid, List<String> header) {
    return new ConfigurationException(
        "input=%s: the header has %s named %s; its columns: %s"
            .formatted(input, what, UsualNames.oneOf(valid), UsualNames.shown(header)));
  }
}
