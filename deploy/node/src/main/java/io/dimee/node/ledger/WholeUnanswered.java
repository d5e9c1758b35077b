package io.dimee.node.ledger;

import io.dimee.topology.ledger.Unanswered;
import io.dimee.topology.ledger.UnansweredParts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.streams.state.HostInfo;

/** Events without an outcome, over all instances of the ledger. */
final class WholeUnanswered {
  private final UnansweredParts parts;
  private final WholeStore<Unanswered> store;
  private final Duration patience;
  private final Clock clock;

  /**
   * Creates a view.
   *
   * @param own address under which this instance is known to the others
   * @param patience after which an event is overdue
   */
  WholeUnanswered(UnansweredParts parts, HostInfo own, Duration patience, Clock clock) {
    this.parts = parts;
    // whoever is asked last knows the part longest
    this.store =
        new WholeStore<>(parts, own, new UnansweredJson()::readPart, (here, there) -> there);
    this.patience = patience;
    this.clock = clock;
  }

  /** After which an event is overdue. */
  Duration patience() {
    return patience;
  }

  /**
   * The parts of this instance, by their numbers.
   *
   * @param readBefore an event that was read before then is overdue
   */
  Map<Integer, Unanswered> local(Instant readBefore) throws UnavailableException {
    return store.local(() -> parts.unanswered(readBefore));
  }

  /** All of them, as of now. */
  Unanswered read() throws UnavailableException, InterruptedException {
    Instant readBefore = clock.instant().minus(patience);
    return store
        .all(() -> parts.unanswered(readBefore), "unanswered/parts?read_before=" + readBefore)
        .stream()
        .reduce(Unanswered.NONE, Unanswered::plus);
  }
}
