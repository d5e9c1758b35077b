package io.dimee.topology.deadletters;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** Writes dead letters: why, where the record lies, and the head of its bytes. */
public final class DeadLetters {
  private static final int HEAD_BYTES = 1_024;
  private static final int TEXT_CHARS = 1_000;
  private static final int KEY_BYTES = 4_096;

  /** More than any dead letter takes. */
  public static final int MAX_BYTES = 16 * 1_024;

  private final Stage stage;
  private final PayloadHead head;
  private final Clock clock;

  /** Creates dead letters for one stage of the pipeline. */
  public DeadLetters(Stage stage, PayloadHead head, Clock clock) {
    this.stage = stage;
    this.head = head;
    this.clock = clock;
  }

  /** Creates a dead letter of what was refused. */
  public DeadLetter of(Rejection rejection, Origin origin) {
    return of(
        rejection.reason(),
        rejection.eventId(),
        rejection.getMessage(),
        rejection.getCause(),
        origin);
  }

  /**
   * Creates a dead letter.
   *
   * @param eventId id of the event as far as it is known, or null
   * @param cause what was thrown, or null
   */
  public DeadLetter of(
      Reason reason, String eventId, String message, Throwable cause, Origin origin) {
    byte[] payload = origin.value() == null ? new byte[0] : origin.value();
    return DeadLetter.newBuilder()
        .setEventId(eventId == null ? null : head(eventId))
        .setStage(stage)
        .setReason(reason)
        .setMessage(head(message == null ? "" : message))
        .setException(cause == null ? null : cause.getClass().getName())
        .setTopic(origin.topic())
        .setPartition(origin.partition())
        .setOffset(origin.offset())
        .setPayloadSize(payload.length)
        .setPayloadHead(
            ByteBuffer.wrap(
                payload, 0, head == PayloadHead.KEPT ? Math.min(HEAD_BYTES, payload.length) : 0))
        .setFailedAt(clock.instant())
        .build();
  }

  /**
   * Key of a dead letter: the event's id, so that outcomes of one event lie together; null when
   * that is longer than any id is.
   */
  public static byte[] key(Rejection rejection, byte[] keyOfRecord) {
    byte[] key =
        rejection.eventId() == null
            ? keyOfRecord
            : rejection.eventId().getBytes(StandardCharsets.UTF_8);
    return bounded(key);
  }

  /**
   * Id of the event that a dead letter is about: its own, or its record's key, which is the event's
   * id unless somebody else wrote the record; null when there is neither.
   */
  public static String eventId(DeadLetter letter, byte[] keyOfRecord) {
    return letter.getEventId() == null ? text(keyOfRecord) : letter.getEventId();
  }

  /** A record's key as an id; null when there is none. */
  public static String text(byte[] key) {
    return key == null ? null : new String(key, StandardCharsets.UTF_8);
  }

  /** A record's key as a dead letter's: null when it is longer than any id is. */
  public static byte[] bounded(byte[] key) {
    return key == null || key.length > KEY_BYTES ? null : key;
  }

  /** As much of a text as is kept where anybody may have written it. */
  public static String head(String text) {
    return text.length() <= TEXT_CHARS ? text : text.substring(0, TEXT_CHARS) + "...";
  }
}
