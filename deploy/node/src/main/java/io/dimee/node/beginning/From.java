package io.dimee.node.beginning;

import java.util.Arrays;
import java.util.Locale;

/** Where a part begins whose group has committed no offsets. */
public enum From {
  /**
   * Nowhere, if the group may have read already: its offsets are gone then. One that has read
   * nothing yet begins at the earliest record.
   */
  COMMITTED,
  /** With all that its topic still holds, be it for the second time. */
  EARLIEST,
  /** With what comes from now on. */
  LATEST;

  /** Name on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a beginning by its name.
   *
   * @throws IllegalArgumentException when there is none; the message lists those that exist
   */
  public static From of(String id) {
    return Arrays.stream(values())
        .filter(from -> from.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "from=%s is not known; valid: %s"
                        .formatted(id, Arrays.stream(values()).map(From::id).toList())));
  }
}
