package io.dimee.topology.ledger;

import io.dimee.avro.LedgerEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What one instance knows of the ledger. */
public interface LedgerParts extends StoreParts {
  /**
   * Entries of the parts that this instance has, by their numbers.
   *
   * @param from earliest begin of a window, inclusive
   * @param to latest begin of a window, inclusive
   * @throws org.apache.kafka.streams.errors.InvalidStateStoreException while parts move
   */
  Map<Integer, List<LedgerEntry>> entries(Instant from, Instant to);
}
