package io.dimee.client.events;

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
}
