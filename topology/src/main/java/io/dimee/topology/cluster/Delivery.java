package io.dimee.topology.cluster;

import java.util.Arrays;
import java.util.Locale;

/** What a crash may do to outcomes. */
public enum Delivery {
  /**
   * One outcome an event for {@code read_committed} readers; answers appear when their transaction
   * commits.
   */
  EXACTLY_ONCE,
  /** An event may be answered twice after a crash; answers appear at once. */
  AT_LEAST_ONCE;

  /** Name on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Finds a guarantee by its name.
   *
   * @throws IllegalArgumentException when there is none; the message lists those that exist
   */
  public static Delivery of(String id) {
    return Arrays.stream(values())
        .filter(delivery -> delivery.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "delivery=%s is not known; valid: %s"
                        .formatted(id, Arrays.stream(values()).map(Delivery::id).toList())));
  }
}
