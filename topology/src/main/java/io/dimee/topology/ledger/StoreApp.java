package io.dimee.topology.ledger;

import io.dimee.topology.clients.StreamsApp;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreType;

/** A running application whose store can be asked (KIP-67), in parts. */
public abstract class StoreApp implements StoreParts, AutoCloseable {
  private final StreamsApp app;
  private final String store;
  private final String topic;
  private final int count;

  /**
   * Creates the application; nothing is read before {@link #start}.
   *
   * @param topic whose partitions are the store's parts
   */
  StoreApp(StreamsApp app, String store, String topic, int count) {
    this.app = app;
    this.store = store;
    this.topic = topic;
    this.count = count;
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

  /** Completes when the application has ended; exceptionally when it could not go on. */
  public CompletableFuture<Void> ended() {
    return app.ended();
  }

  @Override
  public Set<HostInfo> hosts() {
    return app.hosts(store);
  }

  /** Asks each part that this instance has. */
  <T> Map<Integer, T> parts(IntFunction<T> ask) {
    Map<Integer, T> parts = new HashMap<>();
    for (TopicPartition partition : app.partitions()) {
      if (partition.topic().equals(topic)) {
        parts.put(partition.partition(), ask.apply(partition.partition()));
      }
    }
    return parts;
  }

  /** A part of the store, to be read. */
  <S> S part(int part, QueryableStoreType<S> type) {
    return app.store(StoreQueryParameters.fromNameAndType(store, type).withPartition(part));
  }

  @Override
  public void close() {
    app.close();
  }
}
