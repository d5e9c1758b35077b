package io.dimee.console;

/**
 * What others wrote, such as an event's id, as a terminal may be sent it. Characters that move the
 * cursor, change colours or titles, end a line or turn the direction of writing around are spelled
 * as JSON spells them, a backslash and their number; so what is JSON already means the same.
 */
public final class Printable {
  private static final char DELETE = 0x7F;
  private static final char LAST_CONTROL = 0x9F;

  /** Separators of lines and paragraphs, and all that has Unicode's property Bidi_Control. */
  private static final String UNSAFE =
      "\u2028\u2029\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

  private Printable() {}

  /** The text in one line, without a tab: safe as a cell or in a sentence. */
  public static String line(String text) {
    return spelled(text, "");
  }

  /**
   * The text with its dangerous characters spelled.
   *
   * @param kept control characters that stay as they are
   */
  static String spelled(CharSequence text, String kept) {
    int safe = 0;
    while (safe < text.length() && isSafe(text.charAt(safe), kept)) {
      safe++;
    }
    if (safe == text.length()) {
      return text.toString();
    }
    StringBuilder spelled = new StringBuilder(text.length() + 16).append(text, 0, safe);
    for (int i = safe; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isSafe(c, kept)) {
        spelled.append(c);
      } else {
        spelled.append(spelling(c));
      }
    }
    return spelled.toString();
  }

  private static boolean isSafe(char c, String kept) {
    if (c < ' ') {
      return kept.indexOf(c) >= 0;
    }
    if (c < DELETE) {
      return true;
    }
    return c > LAST_CONTROL && UNSAFE.indexOf(c) < 0;
  }

  private static String spelling(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u%04X".formatted((int) c);
    };
  }
}
