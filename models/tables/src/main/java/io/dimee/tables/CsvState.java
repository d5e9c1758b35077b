package io.dimee.tables;

/** Where in a row of CSV one stands, as RFC 4180 quotes cells. */
enum CsvState {
  /** Before the first character of a cell. */
  BEGIN,
  /** In a cell without quotes. */
  PLAIN,
  /** In a quoted cell. */
  QUOTED,
  /** Behind a quote in a quoted cell: the cell's last, or the first of two that mean one. */
  QUOTE,
  /** Behind a quote that is none of these. */
  BROKEN;

  /**
   * Goes on to the end of a text.
   *
   * @param delimiters characters behind which a cell begins
   */
  CsvState after(String text, String delimiters) {
    CsvState state = this;
    for (int i = 0; i < text.length() && state != BROKEN; i++) {
      state = state.next(text.charAt(i), delimiters);
    }
    return state;
  }

  private CsvState next(char c, String delimiters) {
    boolean isDelimiter = delimiters.indexOf(c) >= 0;
    return switch (this) {
      case BEGIN -> c == '"' ? QUOTED : isDelimiter ? BEGIN : PLAIN;
      case PLAIN -> c == '"' ? BROKEN : isDelimiter ? BEGIN : PLAIN;
      case QUOTED -> c == '"' ? QUOTE : QUOTED;
      case QUOTE -> c == '"' ? QUOTED : isDelimiter ? BEGIN : BROKEN;
      case BROKEN -> BROKEN;
    };
  }
}
