package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.avro.TextEvent;
import io.dimee.deploy.broker.EmbeddedBroker;
import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.deploy.guarantee.Observed;
import io.dimee.deploy.pipeline.ModelSource;
import io.dimee.deploy.pipeline.RouterStage;
import io.dimee.deploy.pipeline.Stages;
import io.dimee.deploy.pipeline.TierStage;
import io.dimee.deploy.pipeline.TopicSnapshot;
import io.dimee.inference.Bundle;
import io.dimee.inference.FileCache;
import io.dimee.inference.Tier;
import io.dimee.serdes.HiddenCodec;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.Delivery;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.Policy;
import io.dimee.topology.SpillSwitch;
import io.dimee.topology.TopicSetup;
import io.dimee.topology.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that takes longer than a consumer may go without polling. */
class LongBatchIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Topics TOPICS = new Topics("long.");
  private static final int EVENTS = 256;

  /** A batch takes several times as long. */
  private static final String MAX_POLL_INTERVAL_MS = "1000";

  @TempDir Path directory;
  private final RecordFormats formats = new SingleObjectFormats();

  @Test
  void shouldStayInTheGroupThroughABatchLongerThanTheLongestPollInterval() throws Exception {
    // Given tasks of 128 word pieces that wait for the cloud tier, enough for one full batch
    Bundle bundle = Bundle.open(Path.of("../models/bundles/sst2"));
    ModelSource source =
        new ModelSource(
            bundle,
            new FileCache(directory.resolve("cache")),
            bundle.manifest().prices(),
            1,
            HiddenCodec.FP16);
    try (EmbeddedBroker broker = EmbeddedBroker.temporary();
        Stages stages = new Stages()) {
      KafkaSettings settings = new KafkaSettings(broker.bootstrapServers(), Map.of());
      TopicSetup.ensure(settings, TOPICS, 1);
      send(settings);
      try (Stages router = new Stages()) {
        router.add(
            RouterStage.create(
                source,
                settings,
                TOPICS,
                Delivery.EXACTLY_ONCE,
                Policy.CLOUD_ONLY,
                formats,
                SpillSwitch.never()));
        router.start();
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(waiting(settings)).isEqualTo(EVENTS));
      }

      // When
      stages.add(
          TierStage.create(
              Tier.CLOUD,
              source,
              new KafkaSettings(
                  broker.bootstrapServers(), Map.of("max.poll.interval.ms", MAX_POLL_INTERVAL_MS)),
              TOPICS,
              Delivery.EXACTLY_ONCE,
              formats,
              SpillSwitch.never()));
      stages.start();
      await().atMost(PATIENCE).until(() -> !members(settings).isEmpty());
      List<String> members = members(settings);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                stages.throwIfFailed();
                assertThat(members(settings)).isEqualTo(members);
                assertThat(Observed.read(broker.bootstrapServers(), TOPICS, formats).predictions())
                    .hasSize(EVENTS);
              });

      // Then
      assertThat(Guarantee.allViolations(Observed.read(broker.bootstrapServers(), TOPICS, formats)))
          .isEmpty();
    }
  }

  private void send(KafkaSettings settings) throws InterruptedException, ExecutionException {
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer(null))) {
      for (int i = 0; i < EVENTS; i++) {
        String id = "e" + i;
        byte[] value =
            formats
                .of(TextEvent.class)
                .encode(
                    TOPICS.events(),
                    TextEvent.newBuilder()
                        .setId(id)
                        .setText("a film that goes on and on and on ".repeat(20))
                        .setTextPair(null)
                        .setLabel(null)
                        .setCreatedAt(Instant.EPOCH)
                        .setAttributes(Map.of())
                        .build());
        producer
            .send(new ProducerRecord<>(TOPICS.events(), id.getBytes(StandardCharsets.UTF_8), value))
            .get();
      }
    }
  }

  private static int waiting(KafkaSettings settings) {
    List<Long> offsets = new ArrayList<>();
    TopicSnapshot.read(settings, List.of(TOPICS.hard()), record -> offsets.add(record.offset()));
    return offsets.size();
  }

  private static List<String> members(KafkaSettings settings)
      throws InterruptedException, ExecutionException {
    String group = TOPICS.prefix() + "cloud";
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
