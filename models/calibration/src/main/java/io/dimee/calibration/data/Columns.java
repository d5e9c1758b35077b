package io.dimee.calibration.data;

import io.dimee.tables.Row;
import io.dimee.tables.UsualNames;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Where in a row of one file text, second text, label and split stand. */
final class Columns {
  private final List<Integer> text;
  private final int pair;
  private final int label;
  private final int split;

  private Columns(List<Integer> text, int pair, int label, int split) {
    this.text = text;
    this.pair = pair;
    this.label = label;
    this.split = split;
  }

  /**
   * Finds the columns.
   *
   * @param file names the file in messages
   * @throws DataException when one is not there, or several may be it; the message lists all
   */
  static Columns find(String file, List<String> header, ColumnChoice choice) {
    List<String> plain = header.stream().map(UsualNames::plain).toList();
    Finder finder = new Finder(file, header, plain);
    Optional<List<String>> usualPair = Optional.empty();
    if (choice.text().isEmpty() && choice.pair().isEmpty()) {
      usualPair = UsualNames.PAIRS.stream().filter(names -> plain.containsAll(names)).findFirst();
    }
    List<Integer> text =
        usualPair
            .map(names -> List.of(plain.indexOf(names.get(0))))
            .orElseGet(() -> finder.texts(choice.text()));
    int pair =
        usualPair
            .map(names -> plain.indexOf(names.get(1)))
            .or(() -> choice.pair().map(name -> finder.named("--pair-column", name)))
            .orElse(-1);
    int label =
        choice
            .label()
            .map(name -> finder.named("--label-column", name))
            .orElseGet(() -> finder.usual("label", UsualNames.LABELS, "--label-column"));
    return new Columns(text, pair, label, plain.indexOf(UsualNames.SPLIT));
  }

  /** Whether a first row is one, for columns that are chosen by number. */
  static boolean isHeader(List<String> row, ColumnChoice choice) {
    List<String> names = row.stream().map(UsualNames::plain).toList();
    return choice.text().stream()
        .map(number -> Integer.parseInt(number) - 1)
        .anyMatch(i -> i < names.size() && UsualNames.TEXTS.contains(names.get(i)));
  }

  private record Finder(String file, List<String> header, List<String> plain) {
    List<Integer> texts(List<String> names) {
      return names.isEmpty()
          ? List.of(usual("text", UsualNames.TEXTS, "--text-column"))
          : names.stream().map(name -> named("--text-column", name)).toList();
    }

    int named(String option, String name) {
      List<Integer> found = UsualNames.places(header, name);
      if (found.size() != 1) {
        throw new DataException(
            "%s=%s: %s has %s; its columns: %s"
                .formatted(
                    option.substring(2),
                    name,
                    file,
                    found.isEmpty() ? "no such column" : "several such columns",
                    UsualNames.shown(header)));
      }
      return found.get(0);
    }

    int usual(String what, List<String> names, String option) {
      List<Integer> found = all(names);
      if (found.size() != 1) {
        throw new DataException(
            "%s has %s named %s; say which is the %s with %s; its columns: %s"
                .formatted(
                    file,
                    found.isEmpty() ? "no column" : "several columns",
                    UsualNames.oneOf(names),
                    what,
                    option,
                    UsualNames.shown(header)));
      }
      return found.get(0);
    }

    private List<Integer> all(List<String> names) {
      return IntStream.range(0, plain.size())
          .filter(i -> names.contains(plain.get(i)))
          .boxed()
          .toList();
    }
  }

  /** Whether rows say which split they belong to. */
  boolean haveSplit() {
    return split >= 0;
  }

  /** Text of a row; null when it has none. */
  String text(Row row) {
    if (text.size() == 1) {
      return row.cells().get(text.get(0));
    }
    String joined =
        text.stream()
            .map(column -> row.cells().get(column))
            .filter(cell -> cell != null && !cell.isBlank())
            .collect(Collectors.joining(UsualNames.BETWEEN_TEXTS));
    return joined.isEmpty() ? null : joined;
  }

  /** Second text of a row; null when it has none. */
  String pair(Row row) {
    return pair < 0 ? null : row.cells().get(pair);
  }

  boolean isPair() {
    return pair >= 0;
  }

  /** Label of a row; null when it has none. */
  String label(Row row) {
    return row.cells().get(label);
  }

  /** Name of the split of a row; null when it has none. */
  String split(Row row) {
    return split < 0 ? null : row.cells().get(split);
  }

  /** Number of the column with the label, from 1. */
  int labelNumber() {
    return label + 1;
  }
}
