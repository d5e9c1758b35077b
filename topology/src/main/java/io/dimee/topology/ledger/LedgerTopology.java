package io.dimee.topology.ledger;

import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Prediction;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.serdes.UnreadableRecordException;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.WindowStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger as a Kafka Streams topology: predictions -> an entry each -> brought together by tier,
 * pool, policy and model -> added up by the minute -> ledger. Windows are of the records' times.
 */
public final class LedgerTopology {
  /** Name of the store that can be asked. */
  static final String STORE = "ledger";

  private static final String ENTRIES = "ledger-entries";

  private static final Logger LOG = LoggerFactory.getLogger(LedgerTopology.class);

  private final Topics topics;
  private final RecordFormats formats;
  private final int parts;
  private final Duration retention;

  /**
   * Creates the topology's parts.
   *
   * @param parts of the store; as many as its topics have, which are not to be changed. Without it,
   *     Kafka Streams would want as many as the topic of predictions has, and end when that grows
   * @param retention how much older than the newest a prediction may be to be counted, and how long
   *     the store holds a window. Partitions of a topic that is read from its beginning are not
   *     read in step, so this is long
   */
  public LedgerTopology(Wire wire, int parts, Duration retention) {
    this.topics = wire.topics();
    this.formats = wire.formats();
    this.parts = parts;
    this.retention = retention;
  }

  /**
   * Name of the topic that Kafka Streams makes of entries; its partitions are the store's parts.
   */
  public static String entries(Topics topics) {
    return topics.ledgerGroup() + "-" + ENTRIES + "-repartition";
  }

  /** Names of the topics that Kafka Streams makes for this application. */
  public static List<String> own(Topics topics) {
    return List.of(entries(topics), topics.ledgerGroup() + "-" + STORE + "-changelog");
  }

  String entries() {
    return entries(topics);
  }

  int parts() {
    return parts;
  }

  /** Builds the topology; every node, store and internal topic is named. */
  public Topology build() {
    StreamsBuilder builder = new StreamsBuilder();
    // what this application tells itself needs no registry
    Serde<LedgerEntry> internal = new SingleObjectFormats().of(LedgerEntry.class).serde();
    builder.stream(
            topics.predictions(),
            Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                .withName("predictions-source")
                .withTimestampExtractor(new RecordTime()))
        .process(EntryProcessor::new, Named.as("entry"))
        .repartition(
            Repartitioned.with(Serdes.String(), internal)
                .withName(ENTRIES)
                .withNumberOfPartitions(parts))
        .groupByKey()
        .windowedBy(TimeWindows.ofSizeAndGrace(LedgerSums.WINDOW, retention))
        .aggregate(
            () -> null,
            (key, entry, sum) -> LedgerSums.plus(sum, entry),
            Named.as("sum"),
            Materialized.<String, LedgerEntry, WindowStore<Bytes, byte[]>>as(STORE)
                .withKeySerde(Serdes.String())
                .withValueSerde(internal)
                .withRetention(retention.plus(LedgerSums.WINDOW)))
        .toStream(Named.as("sums"))
        .map(
            (window, entry) -> KeyValue.pair(window.window().start() + "|" + window.key(), entry),
            Named.as("keyed"))
        .to(
            topics.ledger(),
            Produced.with(Serdes.String(), formats.of(LedgerEntry.class).serde())
                .withName("ledger-sink"));
    return builder.build();
  }

  private final class EntryProcessor
      extends ContextualProcessor<byte[], byte[], String, LedgerEntry> {
    private final RecordFormat<Prediction> format = formats.of(Prediction.class);

    @Override
    public void process(Record<byte[], byte[]> record) {
      RecordMetadata at = context().recordMetadata().orElseThrow();
      try {
        Prediction prediction = format.decode(at.topic(), record.value());
        if (prediction == null) {
          // a tombstone, which a cluster's owner may write
          return;
        }
        LedgerEntry entry = LedgerSums.of(prediction, Instant.ofEpochMilli(record.timestamp()));
        context()
            .forward(
                new Record<>(
                    LedgerSums.key(entry), entry, record.timestamp(), new RecordHeaders()));
      } catch (UnreadableRecordException e) {
        // It stays where it is, and dead letters are about events: this one has had its answer.
        LOG.warn(
            "ledger: skipping {}-{} at {}, which is not a prediction: {}",
            at.topic(),
            at.partition(),
            at.offset(),
            e.getMessage());
      }
    }
  }
}
