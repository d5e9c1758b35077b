package io.dimee.topology.router;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * How many attributes an event may bring, and how large. They travel with every task of the event
 * and stand in its prediction, and tiny ones take fifty times their bytes in memory.
 */
public final class EventAttributes {
  /** Most attributes of an event. */
  public static final int MAX_ENTRIES = 64;

  /** Most bytes of all keys and values together, in UTF-8. */
  public static final int MAX_BYTES = 16 * 1024;

  private EventAttributes() {}

  /** What is wrong with an event's attributes, for people; empty when nothing is. */
  public static Optional<String> problem(Map<String, String> attributes) {
    if (attributes.size() > MAX_ENTRIES) {
      return Optional.of(
          "the event has %d attributes; valid: %d at most"
              .formatted(attributes.size(), MAX_ENTRIES));
    }
    long bytes = 0;
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      bytes += bytes(attribute.getKey()) + bytes(attribute.getValue());
    }
    return bytes <= MAX_BYTES
        ? Optional.empty()
        : Optional.of(
            "the event's attributes have %d bytes, names included; valid: %d at most"
                .formatted(bytes, MAX_BYTES));
  }

  /** What is wrong with an event that has more attributes than are read at all. */
  static String tooMany() {
    return "the event has far too many attributes; valid: %d at most".formatted(MAX_ENTRIES);
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
