package io.dimee.deploy.events;

/** How a file of events is laid out. */
public enum InputFormat {
  /** A line is a text. */
  text,
  /** Tab-separated columns as GLUE publishes them, with a header or without. */
  tsv,
  /** A line is a JSON object: text, and optionally id, text_pair, label, attributes. */
  jsonl
}
