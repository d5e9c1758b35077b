package io.dimee.topology.ledger;

import io.dimee.avro.LedgerEntry;
import io.dimee.topology.clients.StreamsApp;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/** The ledger as a running application. */
public final class LedgerApp extends StoreApp implements LedgerParts {
  /**
   * Creates the application; nothing is read before {@link #start}.
   *
   * @param registry shows Kafka Streams' own metrics
   */
  public LedgerApp(LedgerTopology topology, Properties properties, MeterRegistry registry) {
    super(
        new StreamsApp("ledger", topology.build(), properties, registry),
        LedgerTopology.STORE,
        topology.entries(),
        topology.parts());
  }

  @Override
  public Map<Integer, List<LedgerEntry>> entries(Instant from, Instant to) {
    return parts(part -> entries(part, from, to));
  }

  private List<LedgerEntry> entries(int part, Instant from, Instant to) {
    List<LedgerEntry> found = new ArrayList<>();
    try (KeyValueIterator<Windowed<String>, LedgerEntry> windows =
        part(part, QueryableStoreTypes.<String, LedgerEntry>windowStore()).fetchAll(from, to)) {
      windows.forEachRemaining(window -> found.add(window.value));
    }
    return found;
  }
}
