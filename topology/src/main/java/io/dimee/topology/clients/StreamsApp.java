package io.dimee.topology.clients;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.HostInfo;

/** A topology as a running Kafka Streams application. */
public final class StreamsApp implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  /** More than a transaction may take to end when brokers are slow. */
  private static final double STUCK_AFTER_S = 180;

  private final KafkaStreams streams;
  private final KafkaStreamsMetrics metrics;
  private final StreamsEnd end;

  /**
   * Creates the application; nothing is read before {@link #start}.
   *
   * @param part of the pipeline that it is, the metrics' tag "tier"
   * @param registry shows Kafka Streams' own metrics
   */
  public StreamsApp(String part, Topology topology, Properties properties, MeterRegistry registry) {
    this.streams =
        new KafkaStreams(topology, properties, new GroupConsumers(new LostRecords(registry, part)));
    this.metrics = new KafkaStreamsMetrics(streams, Tags.of("tier", part));
    metrics.bindTo(registry);
    this.end = new StreamsEnd(properties.getProperty(StreamsConfig.APPLICATION_ID_CONFIG));
    streams.setUncaughtExceptionHandler(end);
    streams.setStateListener(end);
  }

  /** Starts reading. */
  public void start() {
    streams.start();
  }

  /** Whether it reads, or waits for partitions that are on their way to it. */
  public boolean isLive() {
    return streams.state().isRunningOrRebalancing() && sinceLastPoll() < STUCK_AFTER_S;
  }

  /** Whether it reads. */
  public boolean isReady() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** Seconds since the last poll of the consumer that polls least. */
  private double sinceLastPoll() {
    return streams.metrics().values().stream()
        .filter(metric -> metric.metricName().name().equals("last-poll-seconds-ago"))
        .filter(metric -> metric.metricName().tags().get("client-id").endsWith("-consumer"))
        .filter(metric -> !metric.metricName().tags().get("client-id").contains("restore"))
        .map(Metric::metricValue)
        .filter(Number.class::isInstance)
        .mapToDouble(value -> ((Number) value).doubleValue())
        .max()
        .orElse(0);
  }

  /** Completes when the application has ended; exceptionally when it failed. */
  public CompletableFuture<Void> ended() {
    return end.ended();
  }

  /**
   * A store of this instance, to be read.
   *
   * @throws org.apache.kafka.streams.errors.InvalidStateStoreException while it moves or is not yet
   *     there
   */
  public <T> T store(StoreQueryParameters<T> parameters) {
    return streams.store(parameters);
  }

  /** Addresses of all instances that hold a part of a store, this one's included. */
  public Set<HostInfo> hosts(String store) {
    return streams.streamsMetadataForStore(store).stream()
        .map(StreamsMetadata::hostInfo)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Partitions that this instance reads. */
  public Set<TopicPartition> partitions() {
    return streams.metadataForLocalThreads().stream()
        .flatMap(thread -> thread.activeTasks().stream())
        .flatMap(task -> task.topicPartitions().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Forgets what the folder of its state holds; before {@link #start}. */
  public void forget() {
    streams.cleanUp();
  }

  @Override
  public void close() {
    // Kafka Streams would stay in its group, and whoever comes next would wait for its session to
    // end: that saves applications with much state from moving it, and these have none or little.
    metrics.close();
    streams.close(
        CloseOptions.timeout(CLOSE_TIMEOUT)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
  }
}
