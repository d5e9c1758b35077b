package io.dimee.deploy.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.deploy.Certificates;
import io.dimee.deploy.Workbench;
import io.dimee.deploy.broker.EmbeddedBroker;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline on a cluster that speaks TLS and asks nobody who they are. */
class TlsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PASSWORD = "tls-Secret-1";
  private static final Topics TOPICS = new Topics("tls.");

  @TempDir Path directory;

  @Test
  void shouldAnswerOverTls() throws Exception {
    // Given
    Certificates certificates = Certificates.create(directory, PASSWORD);
    Map<String, String> server = new HashMap<>(SecuredBroker.tls(certificates));
    server.put("listener.security.protocol.map", "PLAINTEXT:SSL,CONTROLLER:PLAINTEXT");
    server.put("inter.broker.listener.name", "PLAINTEXT");
    Map<String, String> client = new HashMap<>(SecuredBroker.tls(certificates));
    client.keySet().removeIf(key -> key.startsWith("ssl.keystore"));
    client.put("security.protocol", "SSL");
    Bundle bundle = Bundle.open(Path.of("../models/bundles/sst2"));
    ModelSource source =
        new ModelSource(
            bundle,
            new FileCache(directory.resolve("cache")),
            bundle.manifest().prices(),
            1,
            HiddenCodec.FP16);
    RecordFormats formats = new SingleObjectFormats();
    try (EmbeddedBroker broker = EmbeddedBroker.persistent(directory.resolve("data"), 0, server);
        Stages stages = new Stages()) {
      KafkaSettings settings = new KafkaSettings(broker.bootstrapServers(), client);
      TopicSetup.ensure(settings, TOPICS.all(), 1);
      for (Tier tier : Tier.values()) {
        stages.add(
            TierStage.create(
                tier,
                List.of(source),
                settings,
                TOPICS,
                Delivery.EXACTLY_ONCE,
                formats,
                SpillSwitch.never()));
      }
      stages.add(
          RouterStage.create(
              source,
              settings,
              TOPICS,
              Delivery.EXACTLY_ONCE,
              Policy.CASCADE,
              formats,
              SpillSwitch.never(),
              true));
      stages.start();

      // When
      try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer(null))) {
        for (String id : List.of("a", "b", "c")) {
          byte[] event = Workbench.event(formats, TOPICS, id, "a fine film", null);
          producer
              .send(
                  new ProducerRecord<>(TOPICS.events(), id.getBytes(StandardCharsets.UTF_8), event))
              .get();
        }
      }

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                stages.throwIfFailed();
                Set<String> answered = new HashSet<>();
                TopicSnapshot.read(
                    settings,
                    List.of(TOPICS.predictions()),
                    record -> answered.add(new String(record.key(), StandardCharsets.UTF_8)));
                assertThat(answered).containsExactlyInAnyOrder("a", "b", "c");
              });
    }
  }
}
