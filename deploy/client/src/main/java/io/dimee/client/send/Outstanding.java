package io.dimee.client.send;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.topology.deadletters.DeadLetters;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Events that were sent and have no outcome yet, by their ids. An id that was sent twice waits for
 * two outcomes. For several threads: one sends while another reads.
 */
public final class Outstanding {
  private final Map<String, Integer> waiting = new LinkedHashMap<>();
  private Instant oldest = Instant.MAX;
  private long sent;
  private long answered;
  private long deadLetters;

  /** Adds an event or a bad line, which must not be sent before. */
  public synchronized void add(String id, Instant createdAt) {
    // as records hold it
    Instant millis = createdAt.truncatedTo(ChronoUnit.MILLIS);
    oldest = millis.isBefore(oldest) ? millis : oldest;
    waiting.merge(key(id), 1, Integer::sum);
    sent++;
  }

  /**
   * Takes the event away that a prediction answers; that of an older event with the same id, which
   * was answered late, is passed over.
   *
   * @return whether it answers one of these
   */
  public synchronized boolean take(Prediction prediction) {
    boolean isOurs = !prediction.getCreatedAt().isBefore(oldest) && take(prediction.getId());
    answered += isOurs ? 1 : 0;
    return isOurs;
  }

  /**
   * Takes away the event of a dead letter. A dead letter does not say how old its event is.
   *
   * @return whether it is about one of these
   */
  public synchronized boolean take(DeadLetter letter) {
    boolean isOurs = letter.getEventId() != null && take(letter.getEventId());
    deadLetters += isOurs ? 1 : 0;
    return isOurs;
  }

  private boolean take(String id) {
    String key = key(id);
    Integer count = waiting.get(key);
    if (count == null) {
      return false;
    }
    if (count == 1) {
      waiting.remove(key);
    } else {
      waiting.put(key, count - 1);
    }
    return true;
  }

  /** Only a dead letter can be about an id that is longer. */
  private static String key(String id) {
    return DeadLetters.head(id);
  }

  /** Events and bad lines that were sent. */
  public synchronized long sent() {
    return sent;
  }

  /** Those with a prediction. */
  public synchronized long answered() {
    return answered;
  }

  /** Those with a dead letter. */
  public synchronized long deadLetters() {
    return deadLetters;
  }

  /** Those with either. */
  public synchronized long outcomes() {
    return answered + deadLetters;
  }

  /** Whether all that were sent have an outcome. */
  public synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Ids of those that have waited longest. */
  public synchronized List<String> longest(int most) {
    return waiting.keySet().stream().limit(most).toList();
  }
}
