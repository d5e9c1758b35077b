package io.dimee.topology.ledger;

import io.dimee.avro.LedgerEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;

/** What one instance knows of the ledger, whose store lies in parts at several. */
public interface LedgerParts {
  /** Of how many parts the whole consists, numbered from 0. */
  int count();

  /** Whether the instance reads, and its parts can be asked. */
  boolean isReady();

  /** Addresses of all instances that hold a part. */
  Set<HostInfo> hosts();

  /**
   * Entries of the parts that this instance has, by their numbers.
   *
   * @param from earliest begin of a window, inclusive
   * @param to latest begin of a window, inclusive
   * @throws org.apache.kafka.streams.errors.InvalidStateStoreException while parts move
   */
  Map<Integer, List<LedgerEntry>> entries(Instant from, Instant to);
}
