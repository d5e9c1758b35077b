package io.dimee.client.events;

import io.dimee.avro.Reason;
import java.util.Map;

/** What one line of an input file is. */
public sealed interface InputItem {
  /** Id of the event, or of the line where the event has none. */
  String id();

  /**
   * An event.
   *
   * @param pair the second text, or null
   * @param label the gold label by name or index, or null
   */
  record Event(String id, String text, String pair, String label, Map<String, String> attributes)
      implements InputItem {}

  /**
   * A line that is no event.
   *
   * @param line its number, from 1
   * @param message why, for people
   * @param bytes the line, or as much of it as was kept
   */
  @SuppressWarnings("ArrayRecordComponent") // carries a line's bytes; never compared
  record BadLine(String id, long line, Reason reason, String message, byte[] bytes)
      implements InputItem {}
}
