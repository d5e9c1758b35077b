package io.dimee.topology.deadletters;

import io.dimee.avro.Reason;

/** A record that cannot be processed and goes to the dead-letter topic. */
public final class Rejection extends RuntimeException {
  private final Reason reason;
  private final String eventId;

  /**
   * Creates a rejection.
   *
   * @param eventId as far as it is known, or null
   */
  public Rejection(Reason reason, String eventId, String message) {
    super(message);
    this.reason = reason;
    this.eventId = eventId;
  }

  /**
   * Creates a rejection with its cause.
   *
   * @param eventId as far as it is known, or null
   */
  public Rejection(Reason reason, String eventId, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.eventId = eventId;
  }

  /** Why, for programs. */
  public Reason reason() {
    return reason;
  }

  /** Id of the event as far as it is known, or null. */
  String eventId() {
    return eventId;
  }
}
