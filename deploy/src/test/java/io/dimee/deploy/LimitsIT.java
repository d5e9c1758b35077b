package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.HiddenState;
import io.dimee.avro.Hop;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.client.deadletters.DeadLetterBox;
import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.stages.LocalPipeline;
import io.dimee.node.stages.Stage;
import io.dimee.node.stages.Stages;
import io.dimee.serdes.HiddenCodec;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.GroupLag;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.Telemetry;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What is too large, from elsewhere or has nowhere to go, on a real broker. */
@ParameterizedClass
@MethodSource("io.dimee.deploy.BrokerKind#available")
@ExtendWith(SharedBroker.class)
class LimitsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int WORD = 2_000;

  /**
   * So that a topic which is gone is missed soon. What ends by an error does not leave its group;
   * the next waits for the session's end.
   */
  private static final Map<String, String> IMPATIENT =
      Map.of("max.block.ms", "2000", "session.timeout.ms", "6000");

  @Parameter BrokerKind kind;
  private final Topics topics = new Topics("limits-%s.".formatted(UUID.randomUUID()));
  private Workbench bench;
  private Stages stages;

  @BeforeEach
  void start(EmbeddedBroker broker) throws InterruptedException {
    bench = new Workbench(kind, broker, topics.prefix());
    stages = new Stages();
    TopicSetup.ensure(bench.settings(), topics.all(), 1);
  }

  @AfterEach
  void stop() {
    stages.close();
    bench.close();
  }

  private Stage run(Stage stage) {
    stages.add(stage);
    stage.start();
    return stage;
  }

  private void runTier(Tier tier) {
    run(bench.tier(tier, SpillSwitch.never(), Map.of()));
  }

  private List<DeadLetter> letters() {
    return bench.observed().letters().stream().map(DeadLetterBox.Entry::letter).toList();
  }

  private Prediction awaitPrediction(String id) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              stages.throwIfFailed();
              assertThat(bench.observed().predictions()).extracting(Prediction::getId).contains(id);
            });
    return bench.observed().predictions().stream()
        .filter(prediction -> prediction.getId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private DeadLetter awaitLetter() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              stages.throwIfFailed();
              assertThat(letters()).hasSize(1);
            });
    return letters().get(0);
  }

  private int hidden() {
    return bench.source().bundle().manifest().encoder().hidden();
  }

  /** A task that the mobile tier has passed on, with a state that only its size says much of. */
  private InferenceTask resumed(String id, String modelId, int tokens) {
    int hidden = hidden();
    FloatBuffer values =
        ByteBuffer.allocateDirect(tokens * hidden * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    Random random = new Random(1);
    for (int i = 0; i < tokens * hidden; i++) {
      values.put(i, (float) random.nextGaussian());
    }
    HiddenState state = HiddenCodec.FP32.encode(values, 0, tokens, hidden);
    return InferenceTask.newBuilder()
        .setEventId(id)
        .setModelId(modelId)
        .setPolicy(Policy.CASCADE.id())
        .setPool(Pool.MEDIUM)
        .setTokenIds(Collections.nCopies(tokens, WORD))
        .setPairStart(tokens)
        .setMinExitDepth(1)
        .setMaxExitDepth(12)
        .setDepth(3)
        .setHiddenState(state)
        .setHops(
            List.of(
                Hop.newBuilder()
                    .setTier(io.dimee.avro.Tier.MOBILE)
                    .setFromDepth(0)
                    .setToDepth(3)
                    .setLayersRun(3)
                    .setComputeCost(3)
                    .setOffloadCost(0)
                    .build()))
        .setCreatedAt(Instant.now())
        .setAttributes(Map.of())
        .build();
  }

  private void write(Tier tier, InferenceTask task) throws Exception {
    String topic = topics.tasks(tier);
    bench.write(
        topic, task.getEventId(), bench.formats().of(InferenceTask.class).encode(topic, task));
  }

  private String modelId() {
    return bench.source().bundle().modelId();
  }

  @Test
  void shouldCarryAndAnswerHiddenStatesOf512Tokens() throws Exception {
    // Given
    runTier(Tier.EDGE);
    runTier(Tier.CLOUD);

    // When one of the largest comes, and one that no position is left for
    write(Tier.EDGE, resumed("largest", modelId(), 512));
    write(Tier.EDGE, resumed("beyond", modelId(), 513));

    // Then
    Prediction prediction = awaitPrediction("largest");
    assertThat(prediction.getHops()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(prediction.getHops().get(1).getFromDepth()).isEqualTo(3);
    assertThat(prediction.getBytesOffloaded()).isGreaterThan(512L * hidden() * Float.BYTES);
    DeadLetter letter = awaitLetter();
    assertThat(letter.getReason()).isEqualTo(Reason.INVALID_TASK);
    assertThat(letter.getEventId()).isEqualTo("beyond");
  }

  @Test
  void shouldBeginATaskOfAnotherModelAgain() throws Exception {
    // Given
    runTier(Tier.EDGE);
    runTier(Tier.CLOUD);

    // When
    write(Tier.EDGE, resumed("foreign", "sst2@0123456789ab", 8));

    // Then
    Prediction prediction = awaitPrediction("foreign");
    assertThat(prediction.getModelId()).isEqualTo(modelId());
    Hop again = prediction.getHops().get(1);
    assertThat(again.getRestarted()).isTrue();
    assertThat(again.getFromDepth()).isZero();
    assertThat(letters()).isEmpty();
  }

  @Test
  void shouldPutAsideWhatTheBrokerDoesNotTake() throws Exception {
    // Given a topic that takes no hidden state
    ConfigResource hard = new ConfigResource(ConfigResource.Type.TOPIC, topics.hard());
    AlterConfigOp small =
        new AlterConfigOp(
            new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "4000"),
            AlterConfigOp.OpType.SET);
    try (Admin admin = Admin.create(bench.settings().admin())) {
      admin.incrementalAlterConfigs(Map.of(hard, List.of(small))).all().get();
    }
    runTier(Tier.MOBILE);
    runTier(Tier.EDGE);
    run(bench.router(Policy.CASCADE, SpillSwitch.never()));

    // When
    List<String> texts = SampleTexts.all();
    for (int i = 0; i < texts.size(); i++) {
      bench.send("e" + i, texts.get(i), null);
    }

    // Then what no exit before the cloud answers becomes a dead letter, and all else is answered
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              stages.throwIfFailed();
              assertThat(bench.observed().predictions().size() + letters().size())
                  .isEqualTo(texts.size());
            });
    assertThat(letters())
        .isNotEmpty()
        .allSatisfy(letter -> assertThat(letter.getReason()).isEqualTo(Reason.RECORD_TOO_LARGE));
    assertThat(Guarantee.allViolations(bench.observed())).isEmpty();

    // and nothing is left to do, transactions' markers and what was aborted included
    for (Tier tier : List.of(Tier.MOBILE, Tier.EDGE)) {
      try (GroupLag lag = GroupLag.of(bench.settings(), topics, tier)) {
        await().atMost(PATIENCE).until(() -> lag.read() == 0);
      }
    }
  }

  private void deleteDeadLetterTopic() throws Exception {
    try (Admin admin = Admin.create(bench.settings().admin())) {
      admin.deleteTopics(List.of(topics.deadLetters())).all().get();
      await()
          .atMost(PATIENCE)
          .until(() -> !admin.listTopics().names().get().contains(topics.deadLetters()));
    }
  }

  @Test
  void shouldStopAWorkerRatherThanLoseWhatTheDeadLetterTopicCannotTake() throws Exception {
    // Given
    deleteDeadLetterTopic();
    try (Stages first = new Stages()) {
      Stage edge = bench.tier(Tier.EDGE, SpillSwitch.never(), IMPATIENT);
      first.add(edge);
      first.start();

      // When
      bench.write(topics.medium(), "k", "no task".getBytes(StandardCharsets.UTF_8));

      // Then
      Throwable failure = catchThrowable(() -> edge.ended().join());
      assertThat(failure).isInstanceOf(CompletionException.class);
      assertThat(failure.getCause())
          .isInstanceOf(KafkaException.class)
          .hasMessageContaining("no topic " + topics.deadLetters());
    }

    // and the next worker puts it aside once the topic is there
    TopicSetup.ensure(bench.settings(), topics.all(), 1);
    runTier(Tier.EDGE);
    assertThat(awaitLetter().getReason()).isEqualTo(Reason.UNREADABLE_RECORD);
  }

  @Test
  void shouldStopTheRouterRatherThanLoseWhatTheDeadLetterTopicCannotTake() throws Exception {
    // Given
    deleteDeadLetterTopic();
    try (Stages first = new Stages()) {
      Stage router = bench.router(Policy.CASCADE, SpillSwitch.never(), IMPATIENT);
      first.add(router);
      first.start();

      // When
      bench.send("blank", " ", null);

      // Then
      Throwable failure = catchThrowable(() -> router.ended().join());
      assertThat(failure).isInstanceOf(CompletionException.class);
    }

    // and the next router puts it aside once the topic is there
    TopicSetup.ensure(bench.settings(), topics.all(), 1);
    run(bench.router(Policy.CASCADE, SpillSwitch.never()));
    assertThat(awaitLetter().getReason()).isEqualTo(Reason.BLANK_TEXT);
  }

  @Test
  void shouldLeaveNothingOpenWhenItsStartIsInterrupted() {
    // Given an interrupt when the tiers are there and the router is not
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    meters
        .config()
        .onMeterAdded(
            meter -> {
              Meter.Id id = meter.getId();
              if (id.getName().equals("dimee.model.info") && "cloud".equals(id.getTag("tier"))) {
                Thread.currentThread().interrupt();
              }
            });

    // When
    Throwable failure =
        catchThrowable(
            () ->
                LocalPipeline.start(
                    bench.connection(Map.of()),
                    bench.source(),
                    Delivery.EXACTLY_ONCE,
                    Policy.CASCADE,
                    new Telemetry(meters, EventTracer.off())));
    boolean interrupted = Thread.interrupted();

    // Then no client is left of those whose metrics were there
    assertThat(failure).as("interrupted: %s", interrupted).isInstanceOf(InterruptedException.class);
    assertThat(meters.getMeters())
        .extracting(meter -> meter.getId().getName())
        .contains("dimee.model.info")
        .noneMatch(name -> name.startsWith("kafka."));
  }
}
