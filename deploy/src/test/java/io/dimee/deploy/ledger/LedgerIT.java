package io.dimee.deploy.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.avro.Cost;
import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Tier;
import io.dimee.deploy.broker.EmbeddedBroker;
import io.dimee.deploy.broker.FreePort;
import io.dimee.deploy.operations.ProcessMeters;
import io.dimee.deploy.pipeline.TopicSnapshot;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.TopicSetup;
import io.dimee.topology.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LedgerIT {
  private static final Topics TOPICS = new Topics("ledger-it.");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Instant BEGIN = Instant.parse("2026-11-20T12:00:00Z");
  private static final int MINUTES = 5;
  private static final SingleObjectFormats FORMATS = new SingleObjectFormats();

  private static EmbeddedBroker broker;
  private static KafkaSettings settings;

  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  @BeforeAll
  static void startBroker() throws InterruptedException {
    broker = EmbeddedBroker.temporary();
    settings = new KafkaSettings(broker.bootstrapServers(), Map.of());
    TopicSetup.ensure(settings, List.of(TOPICS.predictions()), 4);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
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
        .setCreatedAt(BEGIN)
        .setPredictedAt(BEGIN)
        .setGold(i % 2)
        .setHops(List.of())
        .build();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the commit sees every failure
  private static void send(int from, int to) {
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer("seed"))) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = from; i < to; i++) {
        Prediction prediction = prediction(i);
        producer.send(
            new ProducerRecord<>(
                TOPICS.predictions(),
                null,
                BEGIN.plusSeconds(60L * (i % MINUTES)).toEpochMilli(),
                prediction.getId().getBytes(StandardCharsets.UTF_8),
                FORMATS.of(Prediction.class).encode(TOPICS.predictions(), prediction)));
      }
      producer.commitTransaction();
    }
  }

  /** One instance of the ledger with its server. */
  private record Instance(ProcessMeters meters, LedgerStage stage, LedgerServer server)
      implements AutoCloseable {
    static Instance start() throws InterruptedException {
      int port = FreePort.find();
      ProcessMeters meters = new ProcessMeters();
      LedgerStage stage =
          LedgerStage.create(
              settings,
              TOPICS,
              FORMATS,
              2,
              LedgerStage.RETENTION,
              null,
              "127.0.0.1:" + port,
              meters.registry());
      stage.start();
      return new Instance(
          meters,
          stage,
          new LedgerServer(
              stage,
              Map.of(),
              Duration.ofDays(36_500),
              meters,
              new HostInfo("127.0.0.1", port),
              "127.0.0.1",
              port));
    }

    @Override
    public void close() {
      server.close();
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
  private long counted(Instance instance, String parameters) {
    try {
      HttpResponse<String> response =
          get(
              instance,
              "ledger?from=%s&to=%s%s".formatted(BEGIN, BEGIN.plusSeconds(900), parameters));
      if (response.statusCode() != 200) {
        return -1;
      }
      JsonNode entries = json.readTree(response.body());
      return StreamSupport.stream(entries.spliterator(), false)
          .mapToLong(entry -> entry.get("count").longValue())
          .sum();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a test", e);
    }
  }

  @Test
  void shouldCountEachPredictionOnceOverInstancesThatComeAndGo()
      throws IOException, InterruptedException {
    send(0, 600);
    try (Instance first = Instance.start()) {
      await().atMost(PATIENCE).until(() -> counted(first, "") == 600);

      try (Instance second = Instance.start()) {
        await()
            .atMost(PATIENCE)
            .until(() -> counted(second, "&local=true") > 0 && counted(first, "&local=true") > 0);
        send(600, 1_000);
        await().atMost(PATIENCE).until(() -> counted(first, "") == 1_000);
        await().atMost(PATIENCE).until(() -> counted(second, "") == 1_000);
        assertThat(counted(first, "&local=true") + counted(second, "&local=true")).isEqualTo(1_000);
      }

      await().atMost(PATIENCE).until(() -> counted(first, "") == 1_000);
      assertThat(get(first, "drift").body()).contains("\"no_reference\"");
      assertThat(get(first, "ledger?from=noon").statusCode()).isEqualTo(400);
    }

    Map<String, LedgerEntry> topic = new HashMap<>();
    TopicSnapshot.read(
        settings,
        List.of(TOPICS.ledger()),
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
