package io.dimee.topology.ledger;

import io.dimee.topology.clients.StreamsApp;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/** Events without an outcome, as a running application. */
public final class UnansweredApp extends StoreApp implements UnansweredParts {
  /**
   * Creates the application; nothing is read before {@link #start}.
   *
   * @param registry shows Kafka Streams' own metrics
   */
  public UnansweredApp(UnansweredTopology topology, Properties properties, MeterRegistry registry) {
    super(
        new StreamsApp("ledger", topology.build(), withSmallBuffers(properties), registry),
        UnansweredTopology.OPEN,
        topology.marks(),
        topology.parts());
  }

  private static Properties withSmallBuffers(Properties properties) {
    Properties all = new Properties();
    all.putAll(properties);
    all.putIfAbsent(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SmallBuffers.class.getName());
    return all;
  }

  @Override
  public Map<Integer, Unanswered> unanswered(Instant readBefore) {
    return parts(
        part ->
            Unanswered.of(
                part(part, QueryableStoreTypes.<String, Long>timestampedKeyValueStore()),
                readBefore));
  }
}
