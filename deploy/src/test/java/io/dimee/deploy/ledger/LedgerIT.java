package io.dimee.deploy.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.avro.Cost;
import io.dimee.avro.DeadLetter;
import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.avro.TextEvent;
import io.dimee.avro.Tier;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.broker.FreePort;
import io.dimee.client.outcomes.TopicSnapshot;
import io.dimee.deploy.SharedBroker;
import io.dimee.node.ledger.LedgerServer;
import io.dimee.node.ledger.LedgerStage;
import io.dimee.node.ledger.StoreStage;
import io.dimee.node.ledger.UnansweredStage;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.deadletters.DeadLetters;
import io.dimee.topology.deadletters.Origin;
import io.dimee.topology.deadletters.PayloadHead;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.class)
class LedgerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MINUTES = 5;
  private static final SingleObjectFormats FORMATS = new SingleObjectFormats();

  private static KafkaSettings settings;
  private static Instant begin;

  private final Topics topics = new Topics("ledger-" + UUID.randomUUID() + ".");
  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  @BeforeAll
  static void connect(EmbeddedBroker broker) {
    // brokers drop what is a week old
    begin = Instant.now().truncatedTo(ChronoUnit.MINUTES).minusSeconds(600);
    settings = new KafkaSettings(broker.bootstrapServers(), Map.of());
  }

  private static Prediction prediction(int i) {
    Tier tier = List.of(Tier.MOBILE, Tier.EDGE, Tier.CLOUD).get(i % 3);
    return Prediction.newBuilder()
        .setId("e-" + i)
        .setLabel(1)
        .setLabelName("positive")
        .setProbabilities(List.of(0.1f, 0.9f))
        .setConfidence(0.93f)
        .setTier(tier)
        .setPool(List.of(Pool.EASY, Pool.MEDIUM, Pool.HARD).get(i % 7 % 3))
        .setPolicy("cascade")
        .setExitDepth(3)
        .setLayersRun(3)
        .setCost(new Cost(3d, 3d, 6d, 17d))
        .setBytesOffloaded(100)
        .setModelId("sst2@a")
        .setCreatedAt(begin)
        .setPredictedAt(begin)
        .setGold(i % 2)
        .setHops(List.of())
        .build();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the commit sees every failure
  private void send(int from, int to) throws InterruptedException {
    TopicSetup.ensure(settings, List.of(topics.predictions()), 4);
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer("seed"))) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = from; i < to; i++) {
        Prediction prediction = prediction(i);
        producer.send(
            new ProducerRecord<>(
                topics.predictions(),
                null,
                begin.plusSeconds(60L * (i % MINUTES)).toEpochMilli(),
                prediction.getId().getBytes(StandardCharsets.UTF_8),
                FORMATS.of(Prediction.class).encode(topics.predictions(), prediction)));
      }
      producer.commitTransaction();
    }
  }

  /**
   * One instance of the ledger with its server. What looks for events without an outcome is started
   * where it is asked.
   */
  private record Instance(
      ProcessMeters meters, LedgerStage stage, UnansweredStage unanswered, LedgerServer server)
      implements AutoCloseable {
    static Instance start(Topics topics) throws InterruptedException {
      return start(topics, settings);
    }

    static Instance start(Topics topics, KafkaSettings settings) throws InterruptedException {
      Instance instance = create(topics, settings);
      instance.stage.start();
      return instance;
    }

    static Instance create(Topics topics, KafkaSettings settings) throws InterruptedException {
      int port = FreePort.find();
      ProcessMeters meters = new ProcessMeters("ledger");
      LedgerStage stage =
          LedgerStage.create(
              new Connection(settings, topics, FORMATS),
              new StoreStage.Settings(
                  2, StoreStage.RETENTION, Optional.empty(), Optional.of("127.0.0.1:" + port)),
              meters.registry());
      UnansweredStage unanswered =
          UnansweredStage.create(
              new Connection(settings, topics, FORMATS),
              new StoreStage.Settings(
                  2, StoreStage.RETENTION, Optional.empty(), Optional.of("127.0.0.1:" + port)),
              meters.registry());
      return new Instance(
          meters,
          stage,
          unanswered,
          new LedgerServer(
              stage,
              unanswered,
              new LedgerServer.Settings(
                  Map.of(),
                  Duration.ofHours(2),
                  Duration.ofSeconds(1),
                  "127.0.0.1",
                  port,
                  Set.of()),
              meters,
              new HostInfo("127.0.0.1", port)));
    }

    @Override
    public void close() {
      server.close();
      unanswered.close();
      stage.close();
      meters.close();
    }
  }

  private HttpResponse<String> get(Instance instance, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(instance.server.url() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Predictions that an instance answers for; -1 while it does not know. */
  private long counted(Instance instance) {
    return counted(instance, "ledger");
  }

  /** Those of its own parts. */
  private long countedHere(Instance instance) {
    return counted(instance, "ledger/parts");
  }

  private long counted(Instance instance, String path) {
    try {
      HttpResponse<String> response =
          get(instance, "%s?from=%s&to=%s".formatted(path, begin, begin.plusSeconds(900)));
      if (response.statusCode() != 200) {
        return -1;
      }
      return json.readTree(response.body()).findParents("window_start").stream()
          .mapToLong(entry -> entry.get("count").longValue())
          .sum();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a test", e);
    }
  }

  @Test
  void shouldSayThatItIsNotReady() throws IOException, InterruptedException {
    try (Instance notStarted = Instance.create(topics, settings)) {
      for (String path : List.of("ledger", "unanswered")) {
        HttpResponse<String> response = get(notStarted, path);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("the ledger is starting");
      }
    }
  }

  /** Each would answer for a part and take it for the whole. */
  @Test
  void shouldNotAnswerWhereTwoInstancesHaveOneAddress() throws InterruptedException {
    send(0, 100);
    try (Instance first = Instance.start(topics);
        LedgerStage second =
            LedgerStage.create(
                new Connection(settings, topics, FORMATS),
                new StoreStage.Settings(
                    2,
                    StoreStage.RETENTION,
                    Optional.empty(),
                    Optional.of("127.0.0.1:" + first.server.port())),
                first.meters.registry())) {
      await().atMost(PATIENCE).until(() -> counted(first) >= 0);
      second.start();
      await()
          .atMost(PATIENCE)
          .until(() -> get(first, "ledger").body().contains("another instance advertises"));
    }
  }

  /** There are four parts. */
  @Test
  void shouldAnswerForAllWithoutAPartOfItsOwn() throws InterruptedException {
    send(1_000, 1_100);
    List<Instance> instances = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        instances.add(Instance.start(topics));
      }
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                long all = counted(instances.get(0));
                return all >= 100
                    && instances.stream().allMatch(each -> counted(each) == all)
                    && instances.stream().anyMatch(each -> countedHere(each) == 0);
              });
    } finally {
      instances.forEach(Instance::close);
    }
  }

  /** Four parts of the ledger stay four: what Kafka Streams makes for itself cannot grow. */
  @Test
  void shouldGoOnWhenPredictionsGetMorePartitions() throws Exception {
    send(0, 100);
    // Kafka's clients look for new partitions every five minutes
    KafkaSettings attentive =
        new KafkaSettings(settings.bootstrapServers(), Map.of("metadata.max.age.ms", "1000"));
    try (Instance first = Instance.start(topics, attentive)) {
      await().atMost(PATIENCE).until(() -> counted(first) == 100);
      try (Admin admin = Admin.create(settings.admin())) {
        admin
            .createPartitions(Map.of(topics.predictions(), NewPartitions.increaseTo(6)))
            .all()
            .get();
      }
      send(100, 300);

      // one that starts later, as after the other has ended
      try (Instance second = Instance.start(topics, attentive)) {
        await()
            .atMost(PATIENCE)
            .until(
                () -> {
                  assertThat(first.stage.ended()).isNotDone();
                  assertThat(second.stage.ended()).isNotDone();
                  return counted(first) == 300 && counted(second) == 300;
                });
      }
    }
  }

  @Test
  void shouldCountAgainFromTheBeginningAndNotOnTopOfIt() throws Exception {
    // Given a ledger whose group's offsets are gone
    send(0, 100);
    try (Instance first = Instance.start(topics)) {
      await().atMost(PATIENCE).until(() -> counted(first) == 100);
    }
    try (Admin admin = Admin.create(settings.admin())) {
      admin.deleteConsumerGroups(List.of(topics.ledgerGroup())).all().get();
    }

    // When
    try (Instance anew = Instance.create(topics, settings)) {
      anew.stage.forget(settings);
      anew.stage.start();

      // Then
      await().atMost(PATIENCE).until(() -> counted(anew) >= 100);
      send(100, 101);
      await().atMost(PATIENCE).until(() -> counted(anew) > 100);
      assertThat(counted(anew)).isEqualTo(101);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what does not come is missed
  private <T extends SpecificRecord> void put(
      KafkaProducer<byte[], byte[]> producer, Class<T> type, String topic, String id, T value) {
    RecordFormat<T> format = FORMATS.of(type);
    producer.send(
        new ProducerRecord<>(
            topic, id.getBytes(StandardCharsets.UTF_8), format.encode(topic, value)));
  }

  private JsonNode unanswered(Instance instance) throws IOException, InterruptedException {
    return json.readTree(get(instance, "unanswered").body());
  }

  /** Of so many events that all are in all parts, some are lost, and some put aside. */
  @Test
  void shouldTellWhichEventsHaveNoOutcomeFromEachInstance() throws Exception {
    // Given
    TopicSetup.ensure(settings, topics.all(), 2);
    DeadLetters router = new DeadLetters(Stage.ROUTER, PayloadHead.KEPT, Clock.systemUTC());
    try (Instance first = Instance.create(topics, settings);
        Instance second = Instance.create(topics, settings);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer(null))) {
      FORMATS.of(TextEvent.class);
      FORMATS.of(DeadLetter.class);
      for (int i = 0; i < 100; i++) {
        String id = "e-" + i;
        put(
            producer,
            TextEvent.class,
            topics.events(),
            id,
            new TextEvent(id, "a text", null, null, begin, Map.of()));
        if (i < 90) {
          put(producer, Prediction.class, topics.predictions(), id, prediction(i));
        } else if (i < 97) {
          put(
              producer,
              DeadLetter.class,
              topics.deadLetters(),
              id,
              router.of(
                  Reason.BLANK_TEXT,
                  id,
                  "no",
                  null,
                  new Origin(topics.events(), 0, i, null, null)));
        }
      }
      producer.flush();

      // When
      first.unanswered.start();
      second.unanswered.start();

      // Then
      for (Instance each : List.of(first, second)) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(unanswered(each).at("/ids"))
                        .extracting(JsonNode::textValue)
                        .containsExactlyInAnyOrder("e-97", "e-98", "e-99"));
        assertThat(unanswered(each).at("/overdue").intValue()).isEqualTo(3);
        assertThat(unanswered(each).at("/open").intValue()).isEqualTo(3);
        assertThat(unanswered(each).at("/after_seconds").intValue()).isEqualTo(1);
      }
      assertThat(get(first, "metrics").body()).contains("dimee_ledger_unanswered 3.0");

      // and when a late one comes, whichever part it is of
      put(producer, Prediction.class, topics.predictions(), "e-98", prediction(98));
      producer.flush();
      await().atMost(PATIENCE).until(() -> unanswered(second).at("/open").asInt(-1) == 2);
      await().atMost(PATIENCE).until(() -> unanswered(first).at("/open").asInt(-1) == 2);
    }
  }

  @Test
  void shouldCountEachPredictionOnceOverInstancesThatComeAndGo()
      throws IOException, InterruptedException {
    send(0, 600);
    try (Instance first = Instance.start(topics)) {
      await().atMost(PATIENCE).until(() -> counted(first) == 600);

      try (Instance second = Instance.start(topics)) {
        await().atMost(PATIENCE).until(() -> countedHere(second) > 0 && countedHere(first) > 0);
        send(600, 1_000);
        await().atMost(PATIENCE).until(() -> counted(first) == 1_000);
        await().atMost(PATIENCE).until(() -> counted(second) == 1_000);
        assertThat(countedHere(first) + countedHere(second)).isEqualTo(1_000);
      }

      await().atMost(PATIENCE).until(() -> counted(first) == 1_000);
      assertThat(get(first, "drift").body()).contains("\"no_reference\"");
      assertThat(get(first, "ledger?from=noon").statusCode()).isEqualTo(400);
      assertThat(get(first, "ledger?from=1970-01-01T00:00:00Z").body()).contains("25 hours");
    }

    Map<String, LedgerEntry> topic = new HashMap<>();
    TopicSnapshot.read(
        settings,
        List.of(topics.ledger()),
        record ->
            topic.put(
                new String(record.key(), StandardCharsets.UTF_8),
                FORMATS.of(LedgerEntry.class).decode(record.topic(), record.value())));
    assertThat(topic.values().stream().mapToLong(LedgerEntry::getCount).sum()).isEqualTo(1_000);
    assertThat(topic.values().stream().mapToDouble(LedgerEntry::getCost).sum()).isEqualTo(6_000);
    assertThat(topic.values().stream().map(LedgerEntry::getWindowStart).distinct())
        .hasSize(MINUTES);
  }
}
