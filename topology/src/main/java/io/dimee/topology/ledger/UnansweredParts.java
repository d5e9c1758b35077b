package io.dimee.topology.ledger;

import java.time.Instant;
import java.util.Map;

/** What one instance knows of the events without an outcome. */
public interface UnansweredParts extends StoreParts {
  /**
   * The parts that this instance has, by their numbers.
   *
   * @param readBefore an event that was read before then is overdue
   * @throws org.apache.kafka.streams.errors.InvalidStateStoreException while parts move
   */
  Map<Integer, Unanswered> unanswered(Instant readBefore);
}
