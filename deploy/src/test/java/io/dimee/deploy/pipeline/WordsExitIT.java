package io.dimee.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.avro.Prediction;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.deploy.BrokerKind;
import io.dimee.deploy.SharedBroker;
import io.dimee.deploy.Workbench;
import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.stages.Stages;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A bundle with an exit at depth 0: what it answers, the router writes to predictions itself. */
@ExtendWith(SharedBroker.class)
class WordsExitIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path BUNDLE = Path.of("../testing/bundles/words");
  private static final int EVENTS = 200;

  @Test
  void shouldAnswerEveryEventOnceThoughTheRouterIsReplaced(EmbeddedBroker broker) throws Exception {
    Topics topics = new Topics("words.");
    try (Workbench bench = new Workbench(BrokerKind.EMBEDDED, broker, topics.prefix(), BUNDLE);
        Stages tiers = new Stages()) {
      // Given tiers
      TopicSetup.ensure(bench.settings(), topics.all(), 2);
      for (Tier tier : Tier.values()) {
        tiers.add(bench.tier(tier, List.of(bench.source()), SpillSwitch.never(), Map.of()));
      }
      tiers.start();

      // When one router after the other is stopped with events before it
      for (int part = 1; part <= 2; part++) {
        for (int i = (part - 1) * EVENTS / 2; i < part * EVENTS / 2; i++) {
          String words = i % 2 == 0 ? "a warm and funny film, number " : "it is on at ";
          bench.send("e" + i, words + i, null);
        }
        int half = EVENTS * part / 2;
        try (Stages router = new Stages()) {
          router.add(bench.router(bench.source(), Policy.CASCADE, SpillSwitch.never(), Map.of()));
          router.start();
          await()
              .atMost(PATIENCE)
              .until(
                  () -> {
                    router.throwIfFailed();
                    tiers.throwIfFailed();
                    int answered = bench.observed().predictions().size();
                    return answered >= half || (half < EVENTS && answered > 0);
                  });
        }
      }

      // Then each event has its answer, half of them from words alone
      assertThat(Guarantee.allViolations(bench.observed())).isEmpty();
      List<Prediction> predictions = bench.observed().predictions();
      assertThat(predictions).hasSize(EVENTS);
      assertThat(predictions)
          .filteredOn(prediction -> prediction.getExitDepth() == 0)
          .hasSize(EVENTS / 2)
          .allMatch(prediction -> prediction.getCost().getTotal() == 0.05)
          .allMatch(prediction -> prediction.getLabelName().equals("positive"));
    }
  }
}
