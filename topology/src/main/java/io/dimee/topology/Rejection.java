package io.dimee.topology;

import io.dimee.avro.Reason;

/** A record that cannot be processed and goes to the dead-letter topic. */
final class Rejection extends RuntimeException {
  private final Reason reason;
  private final String eventId;

  Rejection(Reason reason, String eventId, String message) {
    super(message);
    this.reason = reason;
    this.eventId = eventId;
  }

  Rejection(Reason reason, String eventId, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.eventId = eventId;
  }

  Reason reason() {
    return reason;
  }

  /** Id of the event as far as it is known, or null. */
  String eventId() {
    return eventId;
  }
}
