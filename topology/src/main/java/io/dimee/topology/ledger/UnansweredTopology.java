package io.dimee.topology.ledger;

import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.Stores;

/**
 * Which events have no outcome, as a Kafka Streams topology: events, predictions and dead letters
 * -> an event's id, and which of the two it was -> brought together by the id -> a store of what is
 * open. The number of its parts does not change when topics grow.
 */
public final class UnansweredTopology {
  /** Events without an outcome: when each was read, with the time of its record. */
  static final String OPEN = "open";

  /** Outcomes whose event was not seen yet: when each was read. */
  static final String EARLY = "early";

  private static final String MARKS = "marks";

  private final Topics topics;
  private final Wire wire;
  private final int parts;
  private final Duration retention;

  /**
   * Creates the topology's parts.
   *
   * @param parts of the store; as many as its topics have, which are not to be changed
   * @param retention how long an event is known to have no outcome
   */
  public UnansweredTopology(Wire wire, int parts, Duration retention) {
    this.topics = wire.topics();
    this.wire = wire;
    this.parts = parts;
    this.retention = retention;
  }

  /** Name of the topic that Kafka Streams makes of ids; its partitions are the store's parts. */
  public static String marks(Topics topics) {
    return topics.unansweredGroup() + "-" + MARKS + "-repartition";
  }

  /** Names of the topics that Kafka Streams makes for this application. */
  public static List<String> own(Topics topics) {
    return List.of(
        marks(topics),
        topics.unansweredGroup() + "-" + OPEN + "-changelog",
        topics.unansweredGroup() + "-" + EARLY + "-changelog");
  }

  String marks() {
    return marks(topics);
  }

  int parts() {
    return parts;
  }

  /** Builds the topology; every node, store and internal topic is named. */
  public Topology build() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(
        Stores.timestampedKeyValueStoreBuilder(
                Stores.persistentTimestampedKeyValueStore(OPEN), Serdes.String(), Serdes.Long())
            // most events have their outcome before the next commit, and never get further
            .withCachingEnabled());
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(EARLY), Serdes.String(), Serdes.Long())
            .withCachingEnabled());
    builder.stream(
            List.of(topics.events(), topics.predictions(), topics.deadLetters()),
            Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                .withName("events-and-outcomes-source")
                .withTimestampExtractor(new RecordTime()))
        .process(() -> new MarkProcessor(wire), Named.as("mark"))
        .repartition(
            Repartitioned.with(Serdes.String(), Serdes.Boolean())
                .withName(MARKS)
                .withNumberOfPartitions(parts))
        .process(() -> new OpenProcessor(retention), Named.as("balance"), OPEN, EARLY);
    return builder.build();
  }
}
