package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.avro.Hop;
import io.dimee.avro.Prediction;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.stages.SpillStage;
import io.dimee.node.stages.Stage;
import io.dimee.node.stages.Stages;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A pipeline whose edge tier is away, and comes back. */
@ParameterizedClass
@MethodSource("io.dimee.deploy.BrokerKind#available")
@ExtendWith(SharedBroker.class)
class EdgeOutageIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Topics TOPICS = new Topics("outage.");
  private static final int SPILL_AFTER = 10;

  /** So few that, with the marker of a transaction each, they are no reason to spill. */
  private static final int FEW = 4;

  @Parameter BrokerKind kind;

  private Workbench bench;
  private List<String> texts;

  private void send(String prefix) throws Exception {
    for (int i = 0; i < texts.size(); i++) {
      bench.send(prefix + i, texts.get(i), null);
    }
  }

  private static void add(Stages stages, Stage stage) {
    stages.add(stage);
    stage.start();
  }

  private List<Prediction> predictions(String prefix) {
    return bench.observed().predictions().stream()
        .filter(prediction -> prediction.getId().startsWith(prefix))
        .toList();
  }

  private Set<String> waitingForTheEdge() {
    Set<String> ids =
        bench.records(TOPICS.medium()).stream()
            .map(record -> new String(record.key(), StandardCharsets.UTF_8))
            .collect(Collectors.toCollection(HashSet::new));
    bench.observed().predictions().forEach(prediction -> ids.remove(prediction.getId()));
    return ids;
  }

  private void awaitOutcomes(Stages stages, String prefix, int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              stages.throwIfFailed();
              assertThat(predictions(prefix)).hasSize(count);
            });
  }

  @Test
  void shouldLetTheOthersGoOnAndSpillWhenItIsAskedTo(EmbeddedBroker broker) throws Exception {
    texts = SampleTexts.all();
    try (Workbench opened = new Workbench(kind, broker, TOPICS.prefix());
        Stages stages = new Stages()) {
      bench = opened;
      TopicSetup.ensure(bench.settings(), TOPICS.all(), 2);
      add(stages, bench.tier(Tier.CLOUD, SpillSwitch.never(), Map.of()));

      // Given no edge, and a mobile tier that does not spill
      Set<String> waiting;
      try (Stages mobile = new Stages()) {
        add(mobile, bench.tier(Tier.MOBILE, SpillSwitch.never(), Map.of()));
        add(mobile, bench.router(Policy.DIMEE, SpillSwitch.never()));

        // When
        send("a");

        // Then medium fills, and what does not need the edge is answered
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  mobile.throwIfFailed();
                  assertThat(predictions("a").size() + waitingForTheEdge().size())
                      .isEqualTo(texts.size());
                });
        waiting = waitingForTheEdge();
        assertThat(waiting).hasSizeGreaterThanOrEqualTo(SPILL_AFTER);
        assertThat(predictions("a"))
            .extracting(Prediction::getTier)
            .contains(io.dimee.avro.Tier.MOBILE, io.dimee.avro.Tier.CLOUD)
            .doesNotContain(io.dimee.avro.Tier.EDGE);
        assertThat(predictions("a")).extracting(Prediction::getSpilled).containsOnly(false);
      }

      // When the mobile tier is told to spill
      SpillSwitch spill = new SpillSwitch(SPILL_AFTER, Clock.systemUTC());
      add(stages, new SpillStage(bench.settings(), TOPICS, spill, new SimpleMeterRegistry()));
      add(stages, bench.tier(Tier.MOBILE, spill, Map.of()));
      add(stages, bench.router(Policy.DIMEE, spill));
      await().atMost(PATIENCE).until(spill::isOn);
      send("b");

      // Then all is answered without the edge, and the answers say which were meant for it
      awaitOutcomes(stages, "b", texts.size());
      List<Prediction> spilled = predictions("b").stream().filter(Prediction::getSpilled).toList();
      assertThat(spilled)
          .hasSizeGreaterThanOrEqualTo(SPILL_AFTER)
          .extracting(Prediction::getTier)
          .containsOnly(io.dimee.avro.Tier.CLOUD);
      assertThat(spill.spilled()).isEqualTo(spilled.size());

      // When the edge comes back
      add(stages, bench.tier(Tier.EDGE, SpillSwitch.never(), Map.of()));

      // Then it answers what has waited, its lag goes, and with it the spilling
      awaitOutcomes(stages, "a", texts.size());
      await().atMost(PATIENCE).until(() -> !spill.isOn());
      for (String id : waiting.stream().limit(FEW).toList()) {
        bench.send("c" + id, texts.get(Integer.parseInt(id.substring(1))), null);
      }
      awaitOutcomes(stages, "c", FEW);
      assertThat(predictions("c"))
          .allSatisfy(
              prediction -> {
                assertThat(prediction.getSpilled()).isFalse();
                assertThat(prediction.getHops())
                    .extracting(Hop::getTier)
                    .contains(io.dimee.avro.Tier.EDGE);
              });
      assertThat(Guarantee.allViolations(bench.observed())).isEmpty();
    }
  }
}
