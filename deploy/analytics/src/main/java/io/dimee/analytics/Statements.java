package io.dimee.analytics;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The statements of a script, each by itself: DuckDB's driver runs them all and keeps the result of
 * the last.
 */
final class Statements {
  /** What hides a semicolon: texts, names, comments; or any other character. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<!\\w)[eE]'(?:[^'\\\\]++|\\\\.|'')*+'?"
              + "|'[^']*+'?"
              + "|\"[^\"]*+\"?"
              + "|\\$(\\w*)\\$.*?\\$\\1\\$"
              + "|(?<comment>--[^\\n]*+|/\\*.*?(?:\\*/|\\z)|\\s++)"
              + "|(?<end>;)"
              + "|.",
          Pattern.DOTALL);

  private Statements() {}

  /** All that are more than comments, in order; a script that cannot be told apart is one. */
  static List<String> of(String sql) {
    List<String> statements = new ArrayList<>();
    int begin = 0;
    boolean isEmpty = true;
    Matcher token = TOKEN.matcher(sql);
    while (token.find()) {
      if (token.group("end") != null) {
        if (!isEmpty) {
          statements.add(sql.substring(begin, token.start()));
        }
        begin = token.end();
        isEmpty = true;
      } else if (token.group("comment") == null) {
        isEmpty = false;
      }
    }
    if (!isEmpty || statements.isEmpty()) {
      statements.add(sql.substring(begin));
    }
    return statements;
  }
}
