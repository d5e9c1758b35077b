package io.dimee.deploy;

import io.dimee.avro.TextEvent;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.client.outcomes.TopicSnapshot;
import io.dimee.deploy.guarantee.Observed;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.files.FileCache;
import io.dimee.node.stages.LocalPipeline;
import io.dimee.node.stages.ModelSource;
import io.dimee.node.stages.RouterStage;
import io.dimee.node.stages.Stage;
import io.dimee.node.stages.TierStage;
import io.dimee.serdes.HiddenCodec;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.testing.SharedCache;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.Telemetry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** A broker, the committed SST-2 bundle, and the parts of a pipeline between them. */
public final class Workbench implements AutoCloseable {
  private static final Path SST2 = Path.of("../models/bundles/sst2");

  /** A bundle with random weights, for tests that look at what Kafka does. */
  public static final Path TINY = Path.of("../testing/bundles/tiny");

  private final BrokerKind.Running broker;
  private final Topics topics;
  private final RecordFormats formats;
  private final KafkaSettings settings;
  private final ModelSource source;
  private final KafkaProducer<byte[], byte[]> producer;

  /** Takes a broker that others share; no other may have topics of the prefix. */
  public Workbench(EmbeddedBroker shared, String topicPrefix) {
    this(shared, topicPrefix, new SingleObjectFormats());
  }

  /**
   * Takes a broker that others share; no other may have topics of the prefix.
   *
   * @param formats the caller's to close
   */
  public Workbench(EmbeddedBroker shared, String topicPrefix, RecordFormats formats) {
    this(BrokerKind.EMBEDDED, shared, topicPrefix, formats);
  }

  /** Takes the broker that others share, or starts one of another kind. */
  public Workbench(BrokerKind kind, EmbeddedBroker shared, String topicPrefix) {
    this(kind, shared, topicPrefix, SST2);
  }

  /**
   * The same with another bundle.
   *
   * @param bundle its folder
   */
  public Workbench(BrokerKind kind, EmbeddedBroker shared, String topicPrefix, Path bundle) {
    this(kind.running(shared), Map.of(), topicPrefix, new SingleObjectFormats(), bundle);
  }

  private Workbench(
      BrokerKind kind, EmbeddedBroker shared, String topicPrefix, RecordFormats formats) {
    this(kind.running(shared), Map.of(), topicPrefix, formats, SST2);
  }

  /**
   * Takes a broker of its own.
   *
   * @param broker closed with this
   * @param client properties that its clients need
   */
  public Workbench(
      EmbeddedBroker broker,
      Map<String, String> client,
      String topicPrefix,
      RecordFormats formats) {
    this(
        new BrokerKind.Running(broker.bootstrapServers(), broker::close),
        client,
        topicPrefix,
        formats,
        SST2);
  }

  private Workbench(
      BrokerKind.Running broker,
      Map<String, String> client,
      String topicPrefix,
      RecordFormats formats,
      Path folder) {
    this.broker = broker;
    this.settings = new KafkaSettings(broker.bootstrapServers(), client);
    this.producer = new KafkaProducer<>(settings.producer(null));
    this.topics = new Topics(topicPrefix);
    this.formats = formats;
    Bundle bundle = Bundle.open(folder);
    this.source =
        new ModelSource(
            bundle,
            new FileCache(SharedCache.FOLDER),
            bundle.manifest().prices(),
            1,
            HiddenCodec.FP16);
  }

  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  public KafkaSettings settings() {
    return settings;
  }

  public RecordFormats formats() {
    return formats;
  }

  public ModelSource source() {
    return source;
  }

  /** Router and all tiers, which exit early wherever they may; the caller's to close. */
  public LocalPipeline pipeline() throws InterruptedException {
    return pipeline(EventTracer.off());
  }

  /** The same, traced. */
  public LocalPipeline pipeline(EventTracer tracer) throws InterruptedException {
    return LocalPipeline.start(
        connection(Map.of()),
        source,
        Delivery.EXACTLY_ONCE,
        Policy.CASCADE,
        new Telemetry(new SimpleMeterRegistry(), tracer));
  }

  /** A router that is not started yet. */
  public Stage router(Policy policy, SpillSwitch spill) throws InterruptedException {
    return router(policy, spill, Map.of());
  }

  /**
   * A router that is not started yet.
   *
   * @param properties client properties of its own
   */
  public Stage router(Policy policy, SpillSwitch spill, Map<String, String> properties)
      throws InterruptedException {
    return router(source, policy, spill, properties);
  }

  /** A router of another model that is not started yet. */
  public Stage router(
      ModelSource other, Policy policy, SpillSwitch spill, Map<String, String> properties)
      throws InterruptedException {
    return RouterStage.create(
        other,
        connection(properties),
        Delivery.EXACTLY_ONCE,
        policy,
        PayloadHead.KEPT,
        spill,
        Telemetry.off());
  }

  /** The pipeline of the tests, with client properties of its own. */
  public Connection connection(Map<String, String> properties) {
    return new Connection(settings(properties), topics, formats);
  }

  private KafkaSettings settings(Map<String, String> properties) {
    Map<String, String> all = new HashMap<>(settings.overrides());
    all.putAll(properties);
    return new KafkaSettings(broker.bootstrapServers(), all);
  }

  /**
   * A tier that is not started yet.
   *
   * @param properties client properties of its own
   */
  public Stage tier(Tier tier, SpillSwitch spill, Map<String, String> properties) {
    return tier(tier, List.of(source), spill, properties);
  }

  /** A tier with several models that is not started yet. */
  public Stage tier(
      Tier tier, List<ModelSource> sources, SpillSwitch spill, Map<String, String> properties) {
    return TierStage.create(
        tier, sources, connection(properties), Delivery.EXACTLY_ONCE, spill, Telemetry.off());
  }

  /**
   * Encodes an event.
   *
   * @param label gold label, or null
   */
  public static byte[] event(
      RecordFormats formats, Topics topics, String id, String text, String label) {
    return formats
        .of(TextEvent.class)
        .encode(
            topics.events(),
            TextEvent.newBuilder()
                .setId(id)
                .setText(text)
                .setTextPair(null)
                .setLabel(label)
                .setCreatedAt(Instant.now())
                .setAttributes(Map.of())
                .build());
  }

  /** Sends an event and waits until it is written. */
  public void send(String id, String text, String label)
      throws InterruptedException, ExecutionException {
    write(topics.events(), id, event(formats, topics, id, text, label));
  }

  /** Writes a record and waits until it is written. */
  public void write(String topic, String key, byte[] value)
      throws InterruptedException, ExecutionException {
    write(topic, key, value, new RecordHeaders());
  }

  /** Writes a record with headers and waits until it is written. */
  public void write(String topic, String key, byte[] value, Headers headers)
      throws InterruptedException, ExecutionException {
    producer
        .send(
            new ProducerRecord<>(topic, null, key.getBytes(StandardCharsets.UTF_8), value, headers))
        .get();
  }

  /** All committed records of a topic. */
  public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    TopicSnapshot.read(settings, List.of(topic), records::add);
    return records;
  }

  /** Events, predictions and dead letters so far. */
  public Observed observed() {
    return Observed.read(broker.bootstrapServers(), topics, formats);
  }

  @Override
  public void close() {
    producer.close();
    broker.end().run();
  }
}
