package io.dimee.analytics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A view that comes with the program.
 *
 * @param name as in SQL
 * @param doc one line for people
 * @param sql the statement that makes it
 */
record View(String name, String doc, String sql) {
  private static final String RESOURCE = "views.sql";

  /** A comment of one line or more, and the statement after it. */
  private static final Pattern VIEW =
      Pattern.compile("((?:--[^\\n]*\\n)+)(CREATE VIEW (\\w+) AS[^;]*);");

  /** Reads those of the program, each after those that it stands on. */
  static List<View> load() {
    try (InputStream resource = View.class.getResourceAsStream(RESOURCE)) {
      return parse(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads statements, each with a comment before it. */
  static List<View> parse(String script) {
    return VIEW.matcher(script).results().map(View::of).toList();
  }

  private static View of(MatchResult match) {
    String doc = match.group(1).replaceAll("--", " ").replaceAll("\\s+", " ").strip();
    return new View(match.group(3), doc, match.group(2));
  }
}
