package io.dimee.client.events;

/** How a file of events is laid out. */
public enum InputFormat {
  /** A line is a text. */
  text,
  /** Tab-separated columns as GLUE publishes them, with a header or without. */
  tsv,
  /** Rows as RFC 4180 has them, below a header that names a column for the text. */
  csv,
  /**
   * A line is a JSON object: text, and optionally id, text_pair, label, attributes. Or the whole is
   * one array of such objects.
   */
  jsonl
}
