package io.dimee.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.deploy.CommandResult;
import io.dimee.deploy.SharedBroker;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.beginning.Beginning;
import io.dimee.node.beginning.From;
import io.dimee.node.beginning.Part;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.testing.SamplePredictions;
import io.dimee.topology.clients.GroupConsumer;
import io.dimee.topology.clients.LostRecords;
import io.dimee.topology.clients.StreamsApp;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.GroupLag;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicOffsets;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups without offsets, and positions that their topics do not have any more. */
@ExtendWith(SharedBroker.class)
class BeginningIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 2;
  private static final SingleObjectFormats FORMATS = new SingleObjectFormats();

  private static EmbeddedBroker broker;
  private static KafkaSettings settings;
  private static Admin admin;
  private static KafkaProducer<byte[], byte[]> producer;
  private static int count;

  @TempDir Path directory;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Topics topics;

  @BeforeAll
  static void connect(EmbeddedBroker shared) {
    broker = shared;
    settings = new KafkaSettings(broker.bootstrapServers(), Map.of());
    admin = Admin.create(settings.admin());
    producer = new KafkaProducer<>(settings.producer(null));
  }

  @AfterAll
  static void disconnect() {
    producer.close();
    admin.close();
  }

  @BeforeEach
  void createTopics(TestInfo test) throws InterruptedException {
    topics = new Topics("begin-%d.".formatted(count++));
    TopicSetup.ensure(settings, topics.all(), PARTITIONS);
    TopicSetup.ensureLedger(settings, topics, PARTITIONS, Duration.ofDays(30));
  }

  private static void write(String topic, int partition, Instant time, byte[] value)
      throws Exception {
    producer
        .send(
            new ProducerRecord<>(
                topic,
                partition,
                time.toEpochMilli(),
                "id".getBytes(StandardCharsets.UTF_8),
                value))
        .get();
  }

  /** So many records in the first partition, now. */
  private static void write(String topic, int records) throws Exception {
    for (int i = 0; i < records; i++) {
      write(topic, 0, Instant.now(), new byte[] {1});
    }
  }

  private void predict(Tier tier, Instant time) throws Exception {
    Prediction prediction =
        SamplePredictions.of(tier == Tier.MOBILE ? 0 : tier == Tier.EDGE ? 2 : 3, time);
    write(
        topics.predictions(),
        1,
        time,
        FORMATS.of(Prediction.class).encode(topics.predictions(), prediction));
  }

  private void putAside(Stage stage) throws Exception {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setStage(stage)
            .setReason(Reason.INVALID_TASK)
            .setMessage("")
            .setTopic("")
            .setPartition(0)
            .setOffset(0)
            .setPayloadSize(0)
            .setPayloadHead(ByteBuffer.allocate(0))
            .setFailedAt(Instant.now())
            .build();
    write(
        topics.deadLetters(),
        0,
        Instant.now(),
        FORMATS.of(DeadLetter.class).encode(topics.deadLetters(), letter));
  }

  private Optional<From> settle(Part part, From from) throws InterruptedException {
    try (Beginning beginning = new Beginning(new Connection(settings, topics, FORMATS), from)) {
      return beginning.settle(part);
    }
  }

  private static Map<Integer, Long> committed(Part part) throws InterruptedException {
    try (TopicOffsets offsets = new TopicOffsets(settings)) {
      Map<Integer, Long> committed = new HashMap<>();
      offsets
          .committed(part.group(), offsets.partitions(part.topic()))
          .forEach((partition, offset) -> committed.put(partition.partition(), offset));
      return committed;
    }
  }

  private Stream<Part> parts() {
    return Stream.concat(
        Stream.of(Part.router(topics), Part.ledger(topics)),
        Stream.of(Tier.values()).map(tier -> Part.of(topics, tier)));
  }

  private static void forgetOffsets(Part part) throws Exception {
    admin.deleteConsumerGroups(List.of(part.group())).all().get();
  }

  @Test
  void shouldBeginAtTheFirstRecordWhereNothingHasBeenDone() throws Exception {
    // Given events that wait, of which one line was none
    write(topics.events(), 3);
    putAside(Stage.PRODUCER);

    for (Part part : parts().toList()) {
      // When
      Optional<From> begin = settle(part, From.COMMITTED);

      // Then
      assertThat(begin).as(part.name()).isEmpty();
      assertThat(committed(part)).as(part.name()).containsOnly(Map.entry(0, 0L), Map.entry(1, 0L));
    }
  }

  @Test
  void shouldBeginBeforeThereIsATopic() throws Exception {
    topics = new Topics("none.");

    assertThat(settle(Part.ledger(topics), From.COMMITTED)).isEmpty();
    assertThat(settle(Part.ledger(topics), From.EARLIEST)).contains(From.EARLIEST);
  }

  private Map<String, Long> committed(String group) throws Exception {
    Map<String, Long> committed = new HashMap<>();
    admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach(
            (partition, offset) ->
                committed.put(
                    partition.toString().substring(topics.prefix().length()), offset.offset()));
    return committed;
  }

  /** What it knows is found again, so that there is nothing to refuse; a running ledger's too. */
  @Test
  void shouldReadOutcomesFromTheFirstEventOn() throws Exception {
    // Given outcomes of events that are gone, and one of an event that is there
    Instant now = Instant.now();
    for (int hours : List.of(30, 20, 0)) {
      predict(Tier.EDGE, now.minus(Duration.ofHours(hours)));
    }
    write(topics.events(), 0, now.minus(Duration.ofHours(40)), new byte[] {1});
    cut(topics.events(), 1);
    write(topics.events(), 0, now.minus(Duration.ofHours(10)), new byte[] {1});
    write(topics.ledger(), 1);
    Part part = Part.unanswered(topics);

    // When
    assertThat(settle(part, From.EARLIEST)).contains(From.EARLIEST);

    // Then
    assertThat(committed(part.group()))
        .containsOnly(
            Map.entry("events-0", 1L),
            Map.entry("events-1", 0L),
            Map.entry("predictions-0", 0L),
            Map.entry("predictions-1", 2L),
            Map.entry("dead-letters-0", 0L),
            Map.entry("dead-letters-1", 0L));
    assertThat(settle(part, From.EARLIEST)).isEmpty();

    // and when told to leave out what is there
    forgetOffsets(part);
    assertThat(settle(part, From.LATEST)).contains(From.LATEST);
    assertThat(committed(part.group()))
        .containsEntry("events-0", 2L)
        .containsEntry("predictions-1", 3L);
  }

  /** What a part has done, after all that waits for it. */
  private enum Trace {
    TASK("router"),
    UNROUTED("router"),
    PREDICTION_OF_THE_EDGE("edge"),
    PREDICTION_OF_THE_CLOUD_AFTER_THE_EDGE("edge"),
    UNANSWERED_BY_THE_CLOUD("cloud"),
    LEDGER_ENTRY("ledger");

    private final String part;

    Trace(String part) {
      this.part = part;
    }
  }

  private String leave(Trace trace) throws Exception {
    switch (trace) {
      case TASK -> write(topics.medium(), 1);
      case UNROUTED -> putAside(Stage.ROUTER);
      case PREDICTION_OF_THE_EDGE -> predict(Tier.EDGE, Instant.now());
      case PREDICTION_OF_THE_CLOUD_AFTER_THE_EDGE -> predict(Tier.CLOUD, Instant.now());
      case UNANSWERED_BY_THE_CLOUD -> putAside(Stage.CLOUD);
      case LEDGER_ENTRY -> write(topics.ledger(), 1);
    }
    return switch (trace) {
      case TASK -> topics.medium();
      case UNROUTED, UNANSWERED_BY_THE_CLOUD -> topics.deadLetters();
      case LEDGER_ENTRY -> topics.ledger();
      default -> topics.predictions();
    };
  }

  @ParameterizedTest
  @EnumSource
  void shouldRefuseWhereOffsetsAreGoneAndWorkIsDone(Trace trace) throws Exception {
    // Given a part that was under way
    Part part = parts().filter(any -> any.name().equals(trace.part)).findFirst().orElseThrow();
    write(part.topic(), 2);
    settle(part, From.COMMITTED);
    String holds = leave(trace);
    assertThat(settle(part, From.COMMITTED)).isEmpty();

    // When
    forgetOffsets(part);

    // Then
    assertThatThrownBy(() -> settle(part, From.COMMITTED))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            part.group(), part.topic(), holds, "--from earliest", "--from latest")
        .hasMessageMatching("[^\\n]*2 that are waiting[^\\n]*");
    assertThat(committed(part)).isEmpty();

    // and when told to, it begins, and a worker that comes later does as the first
    assertThat(settle(part, From.LATEST)).contains(From.LATEST);
    assertThat(committed(part)).containsEntry(0, 2L);
    assertThat(settle(part, From.EARLIEST)).isEmpty();
    assertThat(settle(part, From.COMMITTED)).isEmpty();
    forgetOffsets(part);
    assertThat(settle(part, From.EARLIEST)).contains(From.EARLIEST);
    assertThat(committed(part)).containsEntry(0, 0L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mobile", "edge", "ledger"})
  void shouldSayInOneLineWhatToDo(String command) throws Exception {
    // Given
    for (Part part : parts().toList()) {
      write(part.topic(), 1);
    }
    predict(Tier.CLOUD, Instant.now());
    write(topics.ledger(), 1);

    // When
    CommandResult result =
        CommandResult.of(
            command,
            "--bootstrap-servers",
            broker.bootstrapServers(),
            "--topic-prefix",
            topics.prefix(),
            "--bundle",
            "../testing/bundles/tiny");

    // Then
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .hasLineCount(1)
        .startsWith(
            "dimee: from=committed: group %s%s has no offsets".formatted(topics.prefix(), command));
  }

  @Test
  void shouldLetATierBeginThatIsAddedLater() throws Exception {
    // Given what others have done, and tasks that wait
    predict(Tier.MOBILE, Instant.now());
    putAside(Stage.MOBILE);
    putAside(Stage.ROUTER);
    write(topics.medium(), 2);
    Part edge = Part.of(topics, Tier.EDGE);

    // When
    settle(edge, From.COMMITTED);

    // Then
    assertThat(committed(edge)).containsOnly(Map.entry(0, 0L), Map.entry(1, 0L));
  }

  /** As of a tier that was away for so long that all tasks which it has answered are gone. */
  @Test
  void shouldBeginWithTasksThatCameAfterItsLastWork() throws Exception {
    // Given
    write(topics.hard(), 1);
    predict(Tier.CLOUD, Instant.now().minus(Duration.ofHours(3)));
    cut(topics.hard(), 1);
    write(topics.hard(), 1);
    Part cloud = Part.of(topics, Tier.CLOUD);

    // When
    settle(cloud, From.COMMITTED);

    // Then it does not take for lost what it may have answered
    assertThat(committed(cloud)).containsOnly(Map.entry(0, 1L), Map.entry(1, 0L));
  }

  @Test
  void shouldLeaveAGroupAloneThatGoesOnInSomePartition() throws Exception {
    // Given a topic that has grown since
    write(topics.medium(), 2);
    Part edge = Part.of(topics, Tier.EDGE);
    settle(edge, From.COMMITTED);
    predict(Tier.EDGE, Instant.now());
    admin.createPartitions(Map.of(topics.medium(), NewPartitions.increaseTo(3))).all().get();

    // When
    settle(edge, From.COMMITTED);

    // Then
    assertThat(committed(edge)).containsOnlyKeys(0, 1);
  }

  @Test
  void shouldLetAWorkerJoinAGroupThatHasCommittedNothingYet() throws Exception {
    // Given one that has written, and has not come to commit
    write(topics.medium(), 1);
    predict(Tier.EDGE, Instant.now());
    Part edge = Part.of(topics, Tier.EDGE);
    try (GroupConsumer first = consumer(edge)) {
      first.subscribe(List.of(edge.topic()));
      await().atMost(PATIENCE).until(() -> !first.poll(Duration.ofMillis(100)).isEmpty());

      // Then
      assertThat(settle(edge, From.COMMITTED)).isEmpty();
      assertThat(settle(edge, From.EARLIEST)).isEmpty();
    }
  }

  private GroupConsumer consumer(Part part) {
    return new GroupConsumer(
        settings.consumer(part.group(), 100), new LostRecords(meters, part.name()));
  }

  /** Removes the first partition's first records, as retention does. */
  private static void cut(String topic, long before) throws Exception {
    admin
        .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(before)))
        .all()
        .get();
  }

  private double lost(String part) {
    return meters.get("dimee.records.lost").tag("tier", part).counter().count();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTellWhatATierHasLost(boolean wasThere) throws Exception {
    // Given one that was away, or one that comes for the first time
    Part edge = Part.of(topics, Tier.EDGE);
    if (wasThere) {
      settle(edge, From.COMMITTED);
    }
    write(topics.medium(), 32);
    predict(Tier.MOBILE, Instant.now());
    cut(topics.medium(), 30);

    // When
    settle(edge, From.COMMITTED);

    // Then it reads what is left
    try (GroupConsumer consumer = consumer(edge)) {
      consumer.subscribe(List.of(edge.topic()));
      await().atMost(PATIENCE).until(() -> consumer.poll(Duration.ofMillis(100)).count() == 2);
      assertThat(lost("edge")).isEqualTo(30);
    }
  }

  @Test
  void shouldTellWhatTheRouterHasLost() throws Exception {
    // Given
    Part router = Part.router(topics);
    settle(router, From.COMMITTED);
    write(topics.events(), 32);
    cut(topics.events(), 30);
    Topology topology =
        new Topology()
            .addSource(
                "in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.events())
            .addSink(
                "out", topics.easy(), new ByteArraySerializer(), new ByteArraySerializer(), "in");
    Properties properties = settings.streams(router.group(), Delivery.EXACTLY_ONCE);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());

    // When
    try (StreamsApp app = new StreamsApp("router", topology, properties, meters)) {
      app.start();

      // Then
      await().atMost(PATIENCE).until(() -> committed(router).get(0) == 32L);
      assertThat(lost("router")).isEqualTo(30);
      assertThat(app.ended()).isNotDone();
    }
  }

  @Test
  void shouldTellHowLongTheOldestTaskHasWaited() throws Exception {
    // Given one that was read, and one that was not
    Instant now = Instant.now();
    write(topics.medium(), 0, now.minus(Duration.ofHours(30)), new byte[] {1});
    write(topics.medium(), 0, now.minus(Duration.ofHours(7)), new byte[] {1});
    write(topics.medium(), 0, now, new byte[] {1});
    Part edge = Part.of(topics, Tier.EDGE);
    try (GroupLag lag = GroupLag.of(settings, topics, Tier.EDGE);
        TopicOffsets offsets = new TopicOffsets(settings)) {
      assertThat(lag.age(now)).isEqualTo(Duration.ofDays(1));

      // When
      offsets.commit(edge.group(), Map.of(new TopicPartition(edge.topic(), 0), 1L));

      // Then
      assertThat(lag.age(now)).isEqualTo(Duration.ofHours(6));
      offsets.commit(edge.group(), Map.of(new TopicPartition(edge.topic(), 0), 3L));
      assertThat(lag.age(now)).isZero();
    }
  }
}
