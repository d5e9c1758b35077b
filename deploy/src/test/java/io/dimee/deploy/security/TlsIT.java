package io.dimee.deploy.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.broker.EmbeddedBroker;
import io.dimee.deploy.Workbench;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.stages.Stages;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.testing.Certificates;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    try (Workbench bench =
            new Workbench(
                EmbeddedBroker.persistent(directory.resolve("data"), 0, server),
                client,
                TOPICS.prefix(),
                new SingleObjectFormats());
        Stages stages = new Stages()) {
      TopicSetup.ensure(bench.settings(), TOPICS.all(), 1);
      for (Tier tier : Tier.values()) {
        stages.add(bench.tier(tier, SpillSwitch.never(), Map.of()));
      }
      stages.add(bench.router(Policy.CASCADE, SpillSwitch.never()));
      stages.start();

      // When
      for (String id : List.of("a", "b", "c")) {
        bench.send(id, "a fine film", null);
      }

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                stages.throwIfFailed();
                assertThat(bench.records(TOPICS.predictions()))
                    .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                    .containsExactlyInAnyOrder("a", "b", "c");
              });
    }
  }
}
