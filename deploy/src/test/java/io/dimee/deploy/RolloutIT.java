package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.avro.Hop;
import io.dimee.avro.Prediction;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.client.send.Pace;
import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.stages.ModelSource;
import io.dimee.node.stages.Stages;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** From one version of a model to the next and back, under load. */
@ParameterizedClass
@MethodSource("io.dimee.deploy.BrokerKind#available")
@ExtendWith(SharedBroker.class)
class RolloutIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Topics TOPICS = new Topics("rollout.");
  private static final long NANOS_BETWEEN_EVENTS = 25_000_000;
  private static final int EVENTS = 450;

  @TempDir Path directory;
  @Parameter BrokerKind kind;
  private final AtomicInteger sent = new AtomicInteger();

  /** The same weights by another name: another model, as far as tasks can tell. */
  private ModelSource next(ModelSource source) throws IOException {
    Path copy = directory.resolve("sst2@new");
    PathUtils.copyDirectory(source.bundle().directory(), copy);
    Path manifest = copy.resolve(Bundle.MANIFEST);
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(manifest.toFile());
    Files.writeString(manifest, json.put("name", "sst2-new").toString());
    return new ModelSource(
        Bundle.open(copy), source.cache(), source.prices(), source.threads(), source.codec());
  }

  private CompletableFuture<Void> send(Workbench bench) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            List<String> texts = SampleTexts.all();
            long begin = System.nanoTime();
            for (int i = 0; i < EVENTS; i++) {
              Pace.awaitNanoTime(begin + i * NANOS_BETWEEN_EVENTS);
              bench.send("e" + i, texts.get(i % texts.size()), null);
              sent.incrementAndGet();
            }
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        });
  }

  private static long answersOf(Workbench bench, ModelSource version) {
    return bench.observed().predictions().stream()
        .filter(prediction -> prediction.getModelId().equals(version.bundle().modelId()))
        .count();
  }

  @Test
  void shouldSwitchThereAndBackWithoutLosingOrMixingAnything(EmbeddedBroker broker)
      throws Exception {
    try (Workbench bench = new Workbench(kind, broker, TOPICS.prefix(), Workbench.TINY);
        Stages tiers = new Stages()) {
      // Given tiers that hold both versions
      ModelSource old = bench.source();
      ModelSource next = next(old);
      TopicSetup.ensure(bench.settings(), TOPICS.all(), 2);
      for (Tier tier : Tier.values()) {
        tiers.add(bench.tier(tier, List.of(old, next), SpillSwitch.never(), Map.of()));
      }
      tiers.start();
      CompletableFuture<Void> sending = send(bench);

      // When the router goes from one to the other and back while events come
      int part = 0;
      for (ModelSource version : List.of(old, next, old)) {
        part += EVENTS / 3;
        int until = part;
        try (Stages router = new Stages()) {
          router.add(bench.router(version, Policy.CASCADE, SpillSwitch.never(), Map.of()));
          router.start();
          long before = answersOf(bench, version);
          await()
              .atMost(PATIENCE)
              .until(
                  () -> {
                    router.throwIfFailed();
                    tiers.throwIfFailed();
                    return sent.get() >= until
                        && answersOf(bench, version) > before
                        && (until < EVENTS || bench.observed().predictions().size() >= EVENTS);
                  });
        }
      }
      sending.join();

      // Then each event has one answer, of one version, that began nothing again
      assertThat(Guarantee.allViolations(bench.observed())).isEmpty();
      List<Prediction> predictions = bench.observed().predictions();
      assertThat(predictions).hasSize(EVENTS);
      assertThat(predictions)
          .extracting(Prediction::getModelId)
          .containsOnly(old.bundle().modelId(), next.bundle().modelId());
      assertThat(predictions)
          .flatExtracting(Prediction::getHops)
          .extracting(Hop::getRestarted)
          .containsOnly(false);
    }
  }
}
