package io.dimee.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTopologyTest {
  private static final Topics TOPICS = new Topics("test.");

  @TempDir Path state;

  private final SingleObjectFormats formats = Predictions.FORMATS;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> predictions;

  @BeforeEach
  void start() {
    driver =
        new TopologyTestDriver(
            new LedgerTopology(new Wire(TOPICS, formats), 4, Duration.ofDays(30)).build(),
            new KafkaSettings("127.0.0.1:1", Map.of()).ledger("test", state, null));
    predictions =
        driver.createInputTopic(
            TOPICS.predictions(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private void send(Prediction prediction) {
    send(prediction, Predictions.NOON);
  }

  private void send(Prediction prediction, Instant written) {
    predictions.pipeInput(
        null, Predictions.FORMAT.encode(TOPICS.predictions(), prediction), written);
  }

  private Map<String, LedgerEntry> ledger() {
    return driver
        .createOutputTopic(
            TOPICS.ledger(),
            new StringDeserializer(),
            formats.of(LedgerEntry.class).serde().deserializer())
        .readKeyValuesToMap();
  }

  private static String key(Instant window, String rest) {
    return window.toEpochMilli() + "|" + rest;
  }

  @Test
  void shouldAddUpWhatAgreesInMinuteTierPoolPolicyAndModel() {
    send(Predictions.edge("a"));
    send(Predictions.edge("b"));
    send(Prediction.newBuilder(Predictions.edge("c")).setPool(Pool.HARD).build());
    send(Prediction.newBuilder(Predictions.edge("d")).setModelId("sst2@b").build());
    send(Predictions.edge("e"), Predictions.NOON.plusSeconds(60));

    Map<String, LedgerEntry> ledger = ledger();

    assertThat(ledger)
        .containsOnlyKeys(
            key(Predictions.NOON, "EDGE|MEDIUM|cascade|sst2@a"),
            key(Predictions.NOON, "EDGE|HARD|cascade|sst2@a"),
            key(Predictions.NOON, "EDGE|MEDIUM|cascade|sst2@b"),
            key(Predictions.NOON.plusSeconds(60), "EDGE|MEDIUM|cascade|sst2@a"));
    LedgerEntry two = ledger.get(key(Predictions.NOON, "EDGE|MEDIUM|cascade|sst2@a"));
    assertThat(two.getCount()).isEqualTo(2);
    assertThat(two.getCost()).isEqualTo(16);
    assertThat(two.getCloudOnlyCost()).isEqualTo(34);
    assertThat(two.getBytesOffloaded()).isEqualTo(7_700);
  }

  @Test
  void shouldCountAPredictionThatIsWeeksLate() {
    send(Predictions.edge("a"));
    send(Predictions.edge("b"), Predictions.NOON.minus(Duration.ofDays(20)));

    Map<String, LedgerEntry> ledger = ledger();

    assertThat(ledger)
        .containsKey(
            key(Predictions.NOON.minus(Duration.ofDays(20)), "EDGE|MEDIUM|cascade|sst2@a"));
  }

  @Test
  void shouldGoOnAfterWhatIsNoPrediction() {
    predictions.pipeInput(null, new byte[] {1, 2, 3}, Predictions.NOON);
    predictions.pipeInput(new byte[] {1}, null, Predictions.NOON);
    send(Predictions.edge("a"));

    Map<String, LedgerEntry> ledger = ledger();

    assertThat(ledger.values()).extracting(LedgerEntry::getCount).containsExactly(1L);
  }
}
