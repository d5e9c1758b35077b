package io.dimee.deploy.events;

import java.util.Map;

/** Makes an event of a line; one parser a file, since a header sets the columns. */
interface LineParser {
  /**
   * Parses a line.
   *
   * @param fallbackId id of an event that brings none
   * @return the event, or null when the line is a header
   * @throws IllegalArgumentException when the line is no event; the message says why
   */
  InputItem.Event parse(String line, String fallbackId);

  /** Returns the parser of a format. */
  static LineParser of(InputFormat format) {
    return switch (format) {
      case text -> (line, id) -> new InputItem.Event(id, line, null, null, Map.of());
      case tsv -> new TsvParser();
      case jsonl -> new JsonParser();
    };
  }
}
