package io.dimee.topology.ledger;

import io.dimee.avro.LedgerEntry;
import io.dimee.topology.StreamsApp;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/** The ledger as a running application, whose store can be asked (KIP-67). */
public final class LedgerApp implements AutoCloseable {
  private final StreamsApp app;
  private final int parts;

  /**
   * Creates the application; nothing is read before {@link #start}.
   *
   * @param parts partitions of the predictions' topic, and so of the store
   * @param registry shows Kafka Streams' own metrics
   */
  public LedgerApp(
      LedgerTopology topology, Properties properties, int parts, MeterRegistry registry) {
    this.parts = parts;
    this.app = new StreamsApp("ledger", topology.build(), properties, registry);
  }

  /** Starts to read. */
  public void start() {
    app.start();
  }

  /** Whether it reads, or waits for partitions that are on their way to it. */
  public boolean isLive() {
    return app.isLive();
  }

  /** Whether it reads, and its store can be asked. */
  public boolean isReady() {
    return app.isReady();
  }

  /** Completes when the application has ended; exceptionally when it could not go on. */
  public CompletableFuture<Void> ended() {
    return app.ended();
  }

  /**
   * Entries of this instance's part of the store, the oldest window of each tier, pool, policy and
   * model first.
   *
   * @param from earliest begin of a window, inclusive
   * @param to latest begin of a window, inclusive
   * @throws org.apache.kafka.streams.errors.InvalidStateStoreException while partitions move
   */
  public List<LedgerEntry> entries(Instant from, Instant to) {
    List<LedgerEntry> entries = new ArrayList<>();
    try (KeyValueIterator<Windowed<String>, LedgerEntry> windows =
        app.store(
                StoreQueryParameters.fromNameAndType(
                    LedgerTopology.STORE, QueryableStoreTypes.<String, LedgerEntry>windowStore()))
            .fetchAll(from, to)) {
      while (windows.hasNext()) {
        KeyValue<Windowed<String>, LedgerEntry> window = windows.next();
        entries.add(window.value);
      }
    }
    return entries;
  }

  /** Addresses of all instances that hold a part of the store. */
  public Set<HostInfo> hosts() {
    return app.hosts(LedgerTopology.STORE);
  }

  /**
   * Whether the instances that this one knows hold all parts of the store: not so while partitions
   * move, nor where two say that they are reached at one address, of which only one is known.
   *
   * @param own address of this instance
   */
  public boolean isWhole(HostInfo own) {
    long known =
        app.partitions(LedgerTopology.STORE).stream()
            .filter(partition -> partition.topic().endsWith(LedgerTopology.ENTRIES))
            .count();
    return known == parts && !app.isAddressShared(LedgerTopology.STORE, own);
  }

  @Override
  public void close() {
    app.close();
  }
}
