package io.dimee.topology.ledger;

import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;

/** What one instance knows of a store that lies in parts at several. */
public interface StoreParts {
  /** Of how many parts the whole consists, numbered from 0. */
  int count();

  /** Whether the instance reads, and its parts can be asked. */
  boolean isReady();

  /** Addresses of all instances that hold a part. */
  Set<HostInfo> hosts();
}
