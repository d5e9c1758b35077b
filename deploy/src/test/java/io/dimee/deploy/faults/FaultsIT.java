package io.dimee.deploy.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.deploy.SampleTexts;
import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.deploy.guarantee.Observed;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.Test;

/**
 * Every promise after a seeded schedule of faults under a steady load. Short by default; system
 * properties {@code dimee.faults.seed}, {@code .count}, {@code .events} and {@code .rate} make it
 * long, as {@code mvn verify -Pfaults} does. A seed that fails can be run again.
 */
class FaultsIT {
  private static final long SEED = Long.getLong("dimee.faults.seed", 5);
  private static final int FAULTS = Integer.getInteger("dimee.faults.count", 4);
  private static final int RATE = Integer.getInteger("dimee.faults.rate", 25);
  private static final int EVENTS = Integer.getInteger("dimee.faults.events", 200);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  /** Kept for a look at the processes' logs. */
  private final Path directory = Path.of("target", "faults", "seed-" + SEED).toAbsolutePath();

  @Test
  void shouldKeepEveryPromiseThroughFaults() throws Exception {
    // Given
    if (Files.exists(directory)) {
      PathUtils.deleteDirectory(directory);
    }
    Files.createDirectories(directory);
    List<Fault> faults = Fault.schedule(SEED, FAULTS, EVENTS, RATE);
    int events = Math.max(EVENTS, faults.get(faults.size() - 1).ends() + RATE);
    System.out.printf("faults: seed=%d, %d faults, %d events%n", SEED, FAULTS, events);
    Topics topics = new Topics(Topics.DEFAULT_PREFIX);
    RecordFormats formats = new SingleObjectFormats();
    try (Cluster cluster = new Cluster(directory, "cascade", SEED)) {
      cluster.startAll();
      SteadyLoad load =
          new SteadyLoad(
              new KafkaSettings(cluster.bootstrapServers(), Map.of()),
              topics,
              formats,
              SampleTexts.all(),
              events,
              RATE);

      // When
      for (Fault fault : faults) {
        awaitDue(cluster, load, fault.begins());
        fault.kind().begin(cluster, fault.target());
        awaitDue(cluster, load, fault.ends());
        fault.kind().end(cluster, fault.target());
        System.out.println("faults: " + fault);
      }
      awaitDue(cluster, load, events);
      await().atMost(PATIENCE).until(() -> load.written().isDone());
      load.written().join();

      // Then
      await()
          .atMost(PATIENCE)
          .pollInterval(BETWEEN_LOOKS)
          .untilAsserted(
              () -> {
                cluster.supervise();
                Observed observed = Observed.read(cluster.bootstrapServers(), topics, formats);
                assertThat(observed.predictions().size() + observed.letters().size())
                    .isGreaterThanOrEqualTo(events);
              });
      Observed observed = Observed.read(cluster.bootstrapServers(), topics, formats);
      assertThat(new HashSet<>(observed.eventIds()))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, events).mapToObj(i -> "e" + i).toList());
      assertThat(Guarantee.allViolations(observed)).as("seed %d", SEED).isEmpty();
      System.out.printf(
          "faults: %d predictions, %d dead letters; %d workers ended by themselves%n",
          observed.predictions().size(), observed.letters().size(), cluster.unaskedEnds());
    }
  }

  private static void awaitDue(Cluster cluster, SteadyLoad load, int events) {
    await()
        .atMost(PATIENCE.plusSeconds(events / RATE))
        .until(
            () -> {
              cluster.supervise();
              return load.due() >= events || load.written().isCompletedExceptionally();
            });
  }
}
