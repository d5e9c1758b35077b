package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.broker.EmbeddedBroker;
import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.stages.Stages;
import io.dimee.node.stages.TierStage;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.Telemetry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A batch that takes longer than a consumer may go without polling. */
@ParameterizedClass
@MethodSource("io.dimee.deploy.BrokerKind#available")
@ExtendWith(SharedBroker.class)
class LongBatchIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Topics TOPICS = new Topics("long.");
  private static final int EVENTS = 56;

  /** A batch takes several times as long. */
  private static final int MAX_POLL_INTERVAL_MS = 1_000;

  @Parameter BrokerKind kind;

  @Test
  void shouldStayInTheGroupThroughABatchLongerThanTheLongestPollInterval(EmbeddedBroker broker)
      throws Exception {
    // Given tasks of 128 tokens that wait for the cloud tier, enough for one full batch
    try (Workbench bench = new Workbench(kind, broker, TOPICS.prefix());
        Stages stages = new Stages()) {
      TopicSetup.ensure(bench.settings(), TOPICS.all(), 1);
      for (int i = 0; i < EVENTS; i++) {
        bench.send("e" + i, "a film that goes on and on and on ".repeat(20), null);
      }
      try (Stages router = new Stages()) {
        router.add(bench.router(Policy.CLOUD_ONLY, SpillSwitch.never()));
        router.start();
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(bench.records(TOPICS.hard())).hasSize(EVENTS));
      }

      // When
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      stages.add(
          TierStage.create(
              Tier.CLOUD,
              List.of(bench.source()),
              bench.connection(
                  Map.of("max.poll.interval.ms", Integer.toString(MAX_POLL_INTERVAL_MS))),
              Delivery.EXACTLY_ONCE,
              SpillSwitch.never(),
              new Telemetry(meters, EventTracer.off())));
      stages.start();
      await().atMost(PATIENCE).until(() -> !members(bench.settings()).isEmpty());
      List<String> members = members(bench.settings());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                stages.throwIfFailed();
                assertThat(members(bench.settings())).isEqualTo(members);
                assertThat(bench.observed().predictions()).hasSize(EVENTS);
              });

      // Then
      assertThat(meters.get("dimee.batch.time").timer().max(TimeUnit.MILLISECONDS))
          .as("the longest batch, ms")
          .isGreaterThan(MAX_POLL_INTERVAL_MS);
      assertThat(Guarantee.allViolations(bench.observed())).isEmpty();
    }
  }

  private static List<String> members(KafkaSettings settings)
      throws InterruptedException, ExecutionException {
    String group = TOPICS.group(Tier.CLOUD);
    try (Admin admin = Admin.create(settings.admin())) {
      return admin.listGroups().all().get().stream().noneMatch(g -> g.groupId().equals(group))
          ? List.of()
          : admin
              .describeConsumerGroups(List.of(group))
              .describedGroups()
              .get(group)
              .get()
              .members()
              .stream()
              .map(MemberDescription::consumerId)
              .toList();
    }
  }
}
