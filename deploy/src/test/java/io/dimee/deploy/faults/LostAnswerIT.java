package io.dimee.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.avro.InferenceTask;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.broker.FreePort;
import io.dimee.deploy.SampleTexts;
import io.dimee.deploy.Workbench;
import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.stages.RouterStage;
import io.dimee.node.stages.Stages;
import io.dimee.node.stages.TierStage;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.GroupLag;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.Telemetry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Transactions of which a client does not learn how they ended, or that were aborted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostAnswerIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Topics TOPICS = new Topics("lost.");

  /** How long a client waits for an answer. */
  private static final Map<String, String> IMPATIENT = Map.of("max.block.ms", "1000");

  @TempDir static Path directory;
  private FlakyProxy proxy;
  private Workbench bench;

  @BeforeAll
  void start() throws Exception {
    int port = FreePort.find();
    proxy = new FlakyProxy(port);
    EmbeddedBroker broker =
        EmbeddedBroker.persistent(
            directory.resolve("data"),
            port,
            Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + proxy.port()));
    bench = new Workbench(broker, IMPATIENT, TOPICS.prefix(), new SingleObjectFormats());
    TopicSetup.ensure(bench.settings(), TOPICS.all(), 1);
  }

  @AfterAll
  void stop() throws Exception {
    bench.close();
    proxy.close();
  }

  private Stages router(Delivery delivery) throws InterruptedException {
    Stages stages = new Stages();
    stages.add(
        RouterStage.create(
            bench.source(),
            bench.connection(Map.of()),
            delivery,
            Policy.MOBILE_ONLY,
            PayloadHead.KEPT,
            SpillSwitch.never(),
            Telemetry.off()));
    stages.start();
    return stages;
  }

  private Stages mobile(MeterRegistry meters) {
    Stages stages = new Stages();
    stages.add(
        TierStage.create(
            Tier.MOBILE,
            List.of(bench.source()),
            bench.connection(Map.of()),
            Delivery.EXACTLY_ONCE,
            SpillSwitch.never(),
            new Telemetry(meters, EventTracer.off())));
    stages.start();
    return stages;
  }

  private List<String> routed() {
    return bench.records(TOPICS.easy()).stream()
        .map(
            record ->
                bench
                    .formats()
                    .of(InferenceTask.class)
                    .decode(record.topic(), record.value())
                    .getEventId())
        .toList();
  }

  @Test
  void shouldAnswerOnceWhatWasCommittedWithoutAnAnswer() throws Exception {
    // Given tasks that wait, enough for one batch
    int before = routed().size();
    List<String> texts = SampleTexts.all();
    for (int i = 0; i < texts.size(); i++) {
      bench.send("e" + i, texts.get(i), null);
    }
    try (Stages router = router(Delivery.EXACTLY_ONCE)) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                router.throwIfFailed();
                assertThat(routed()).hasSize(before + texts.size());
              });
    }

    // When the worker does not hear what became of its commit, and is cut off for longer than it
    // waits
    proxy.loseCommitOf(TOPICS.group(Tier.MOBILE));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (Stages mobile = mobile(meters);
        GroupLag lag = GroupLag.of(bench.settings(), TOPICS, Tier.MOBILE)) {
      await()
          .atMost(PATIENCE)
          .until(() -> meters.get("dimee.commit.failures").counter().count() > 0);
      assertThat(proxy.isBlocking()).isTrue();
      proxy.admitAll();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                mobile.throwIfFailed();
                return lag.read() == 0;
              });
    }

    // Then
    assertThat(Guarantee.allViolations(bench.observed())).isEmpty();
  }

  @Test
  void shouldNotAnswerAnEventWhoseTransactionWasAborted() throws Exception {
    // Given
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(bench.settings().producer("users"))) {
      producer.initTransactions();
      for (String id : List.of("aborted", "committed")) {
        producer.beginTransaction();
        producer
            .send(
                new ProducerRecord<>(
                    TOPICS.events(),
                    id.getBytes(StandardCharsets.UTF_8),
                    Workbench.event(bench.formats(), TOPICS, id, "a fine film", null)))
            .get();
        if (id.equals("aborted")) {
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
    }

    // When
    try (Stages router = router(Delivery.AT_LEAST_ONCE)) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                router.throwIfFailed();
                assertThat(routed()).contains("committed");
              });
    }

    // Then
    assertThat(routed()).doesNotContain("aborted");
  }
}
