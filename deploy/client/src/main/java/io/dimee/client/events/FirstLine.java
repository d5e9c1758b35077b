package io.dimee.client.events;

import java.util.List;
import java.util.regex.Pattern;

/** What the first line of an input says about its format. */
final class FirstLine {
  private static final Pattern JSON_EVENT =
      Pattern.compile("\\[?\\s*\\{.*\"text\"\\s*:\\s*\".*", Pattern.DOTALL);

  private FirstLine() {}

  /** The format that a line is plainly of: a JSON event, or a header; else text. */
  static InputFormat format(String line) {
    if (JSON_EVENT.matcher(line).matches()) {
      return InputFormat.jsonl;
    }
    for (String delimiter : List.of("\t", ",", ";", "|")) {
      List<String> cells = List.of(line.replace("\"", "").split(Pattern.quote(delimiter), -1));
      if (ColumnNames.areHeader(cells)) {
        boolean isGlue = delimiter.equals("\t") && ColumnNames.ofGlue(cells) != null;
        return isGlue ? InputFormat.tsv : InputFormat.csv;
      }
    }
    return InputFormat.text;
  }
}
