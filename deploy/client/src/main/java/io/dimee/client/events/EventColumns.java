package io.dimee.client.events;

import io.dimee.tables.UsualNames;
import io.dimee.topology.cluster.ConfigurationException;
import java.util.List;
import java.util.Optional;

/**
 * Which columns of a file are text, second text and label, as a user names them: by the names of a
 * header or of a JSON object's fields, or by numbers from 1 where there is no header.
 *
 * @param text joined by a line break, as training joins them; empty for the usual names
 * @param pair the second text, where there is one
 * @param label the gold label, where there is one
 */
public record EventColumns(List<String> text, Optional<String> pair, Optional<String> label) {
  /** Those of the usual names. */
  public static final EventColumns USUAL =
      new EventColumns(List.of(), Optional.empty(), Optional.empty());

  private static final String NUMBER = "[1-9][0-9]{0,3}";

  /** Copies the names. */
  public EventColumns {
    text = List.copyOf(text);
    if (text.isEmpty() && (pair.isPresent() || label.isPresent())) {
      throw new ConfigurationException(
          "text-column is missing; valid: the text's column, where the label's or the pair's is named");
    }
  }

  /** Whether a user named them. */
  boolean areNamed() {
    return !text.isEmpty();
  }

  /** Whether they are numbers, so that the first row is one like the others. */
  boolean areNumbers() {
    return areNamed() && text.stream().allMatch(name -> name.matches(NUMBER));
  }

  /** Whether a header has the text's columns. */
  boolean areIn(List<String> header) {
    return text.stream().allMatch(name -> UsualNames.places(header, name).size() == 1);
  }

  /**
   * Finds them in a header.
   *
   * @param input names the input in messages
   * @throws ConfigurationException when one is not there, or there twice
   */
  Columns in(String input, List<String> header) {
    return new Columns(
        header.indexOf("id"),
        text.stream().map(name -> place(input, header, "text-column", name)).toList(),
        pair.map(name -> place(input, header, "pair-column", name)).orElse(-1),
        label.map(name -> place(input, header, "label-column", name)).orElse(-1));
  }

  /** The columns of a file without header. */
  Columns byNumber() {
    return new Columns(
        -1,
        text.stream().map(EventColumns::number).toList(),
        pair.map(EventColumns::number).orElse(-1),
        label.map(EventColumns::number).orElse(-1));
  }

  private static int number(String name) {
    if (!name.matches(NUMBER)) {
      throw new ConfigurationException(
          "column %s is not a number; valid: all columns by number, or all by name"
              .formatted(name));
    }
    return Integer.parseInt(name) - 1;
  }

  private static int place(String input, List<String> header, String option, String name) {
    List<Integer> found = UsualNames.places(header, name);
    if (found.size() != 1) {
      throw new ConfigurationException(
          "%s=%s: input=%s has %s; its columns: %s"
              .formatted(
                  option,
                  name,
                  input,
                  found.isEmpty() ? "no such column" : "several such columns",
                  UsualNames.shown(header)));
    }
    return found.get(0);
  }
}
