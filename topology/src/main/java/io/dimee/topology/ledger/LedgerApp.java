package io.dimee.topology.ledger;

import io.dimee.avro.LedgerEntry;
import io.dimee.topology.clients.StreamsApp;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/** The ledger as a running application, whose store can be asked (KIP-67). */
public final class LedgerApp implements LedgerParts, AutoCloseable {
  private final StreamsApp app;
  private final String entries;
  private final int count;

  /**
   * Creates the application; nothing is read before {@link #start}.
   *
   * @param registry shows Kafka Streams' own metrics
   */
  public LedgerApp(LedgerTopology topology, Properties properties, MeterRegistry registry) {
    this.entries = topology.entries();
    this.count = topology.parts();
    this.app = new StreamsApp("ledger", topology.build(), properties, registry);
  }

  /** Starts to read. */
  public void start() {
    app.start();
  }

  /** Forgets what the folder of the store holds; before {@link #start}. */
  public void forget() {
    app.forget();
  }

  /** Whether it reads, or waits for partitions that are on their way to it. */
  public boolean isLive() {
    return app.isLive();
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public boolean isReady() {
    return app.isReady();
  }

  /** Completes when the application has ended; exceptionally when it failed. */
  public CompletableFuture<Void> ended() {
    return app.ended();
  }

  @Override
  public Map<Integer, List<LedgerEntry>> entries(Instant from, Instant to) {
    Map<Integer, List<LedgerEntry>> parts = new HashMap<>();
    for (TopicPartition partition : app.partitions()) {
      if (partition.topic().equals(entries)) {
        parts.put(partition.partition(), entries(partition.partition(), from, to));
      }
    }
    return parts;
  }

  private List<LedgerEntry> entries(int part, Instant from, Instant to) {
    List<LedgerEntry> found = new ArrayList<>();
    try (KeyValueIterator<Windowed<String>, LedgerEntry> windows =
        app.store(
                StoreQueryParameters.fromNameAndType(
                        LedgerTopology.STORE,
                        QueryableStoreTypes.<String, LedgerEntry>windowStore())
                    .withPartition(part))
            .fetchAll(from, to)) {
      windows.forEachRemaining(window -> found.add(window.value));
    }
    return found;
  }

  @Override
  public Set<HostInfo> hosts() {
    return app.hosts(LedgerTopology.STORE);
  }

  @Override
  public void close() {
    app.close();
  }
}
