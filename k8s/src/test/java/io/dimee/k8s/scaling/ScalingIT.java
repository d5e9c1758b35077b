package io.dimee.k8s.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.avro.TextEvent;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.client.send.Pace;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.files.FileCache;
import io.dimee.node.stages.ModelSource;
import io.dimee.node.stages.RouterStage;
import io.dimee.node.stages.Stage;
import io.dimee.serdes.HiddenCodec;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.testing.SharedCache;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.GroupLag;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.Telemetry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real edges that come and go under a load. How many events wait for their answers is what makes it
 * loud or quiet, so that slow and fast machines see the same.
 */
class ScalingIT {
  /** How many times as fast the rule's clock goes; a waiting task counts for as many. */
  private static final int SPEED = 60;

  private static final int MOST = 3;
  private static final int PARTITIONS = 6;

  /** Events that wait for their answers, at most. */
  private static final int QUIET = 4;

  private static final int LOUD = 400;

  /** Answers between two changes. */
  private static final int BETWEEN = 100;

  private static final int SYNC_SECONDS = 15;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration LOOK = Duration.ofMillis(10);

  /** What a change has held up shows in so much time after it. */
  private static final Duration AFTERMATH = Duration.ofSeconds(1);

  private static final Duration BEFORE = Duration.ofSeconds(2);

  /** System property {@code dimee.scaling.protocol} makes it {@code consumer}, of KIP-848. */
  private static final String GROUP_PROTOCOL =
      System.getProperty("dimee.scaling.protocol", "classic");

  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final double NANOS = 1e9;

  private final Topics topics = new Topics("scaling.");
  private final RecordFormats formats = new SingleObjectFormats();
  private final List<String> sent = new ArrayList<>();
  private volatile int waitingAtMost = QUIET;
  private volatile boolean isStopped;

  /** Workers came or went, from a moment until the group had settled. */
  private record Change(int from, int to, long begin, long end, Set<Integer> kept) {}

  /** Lets workers come and go. */
  @FunctionalInterface
  private interface Script {
    List<Change> follow(Edges edges, GroupLag lag, Admin admin, Answers answers) throws Exception;
  }

  @Test
  void shouldLoseNothingWhileWorkersComeAndGo() throws Exception {
    List<Change> changes = run(this::comeAndGo);

    assertThat(changes).extracting(Change::to).containsExactly(2, MOST, 1);
  }

  @Test
  @Tag("nightly")
  void shouldLoseNothingWhileTheRuleOfTheManifestScales() throws Exception {
    List<Change> changes = run(this::followTheRule);

    assertThat(changes).extracting(Change::to).contains(MOST).endsWith(1);
  }

  private List<Change> run(Script script) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
      // Given
      KafkaSettings settings = new KafkaSettings(broker.bootstrapServers(), Map.of());
      TopicSetup.ensure(settings, topics.all(), PARTITIONS);
      Bundle bundle = Bundle.open(Path.of("../models/bundles/sst2"));
      ModelSource source =
          new ModelSource(
              bundle,
              new FileCache(SharedCache.FOLDER),
              bundle.manifest().prices(),
              1,
              HiddenCodec.FP16);
      KafkaSettings ofEdges =
          new KafkaSettings(broker.bootstrapServers(), Map.of("group.protocol", GROUP_PROTOCOL));
      try (Answers answers = new Answers(settings, topics.predictions(), PARTITIONS);
          Admin admin = Admin.create(settings.admin())) {
        long begin;
        List<Change> changes;
        try (Edges edges = new Edges(source, new Connection(ofEdges, topics, formats));
            Stage router = router(source, settings);
            GroupLag lag = GroupLag.of(settings, topics, Tier.EDGE)) {
          router.start();
          edges.load(MOST);
          edges.scaleTo(1);
          settled(admin, 1);
          begin = System.nanoTime();
          CompletableFuture<Void> load = CompletableFuture.runAsync(() -> send(settings, answers));

          // When
          changes = script.follow(edges, lag, admin, answers);
          Pace.awaitNanoTime(changes.get(changes.size() - 1).end() + AFTERMATH.toNanos());
          isStopped = true;
          load.join();
          await().atMost(PATIENCE).until(() -> answers.ids().size() >= sent.size());
        }
        // nobody is left to answer one again
        answers.finish();

        // Then
        assertThat(answers.ids()).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(ends(admin, topics.deadLetters())).containsOnly(0L);
        assertThat(changes).allSatisfy(ScalingIT::onlyMovesWhatMust);
        System.out.printf("scaling: %,d events, each answered once%n", sent.size());
        for (int i = 0; i < changes.size(); i++) {
          long next = i + 1 < changes.size() ? changes.get(i + 1).begin() : Long.MAX_VALUE;
          print(changes.get(i), next, answers, begin);
        }
        return changes;
      }
    }
  }

  /** Whoever has fewer than an equal share takes from the others, and nothing else moves. */
  private static void onlyMovesWhatMust(Change change) {
    int fewer = Math.min(change.from(), change.to());
    int more = Math.max(change.from(), change.to());
    assertThat(change.kept()).as(change.toString()).hasSize(PARTITIONS / more * fewer);
  }

  private static List<Long> ends(Admin admin, String topic) throws Exception {
    Map<TopicPartition, OffsetSpec> latest =
        IntStream.range(0, PARTITIONS)
            .boxed()
            .collect(Collectors.toMap(p -> new TopicPartition(topic, p), p -> OffsetSpec.latest()));
    return admin.listOffsets(latest).all().get().values().stream()
        .map(ListOffsetsResult.ListOffsetsResultInfo::offset)
        .toList();
  }

  private Stage router(ModelSource source, KafkaSettings settings) throws InterruptedException {
    return RouterStage.create(
        source,
        new Connection(settings, topics, formats),
        Delivery.EXACTLY_ONCE,
        Policy.of("edge-only"),
        PayloadHead.KEPT,
        SpillSwitch.never(),
        Telemetry.off());
  }

  private static ScalingRule rule() throws Exception {
    ScalingRule rule = Scenario.load().rule();
    return new ScalingRule(
        rule.least(), MOST, rule.lagThreshold(), rule.cpuPercent(), rule.up(), rule.down());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what is not written is missed by the test
  private void send(KafkaSettings settings, Answers answers) {
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer(null))) {
      while (!isStopped) {
        if (sent.size() - answers.count() >= waitingAtMost) {
          Pace.awaitNanoTime(System.nanoTime() + LOOK.toNanos());
          continue;
        }
        String id = "e" + sent.size();
        TextEvent event =
            TextEvent.newBuilder()
                .setId(id)
                .setText("a fine film")
                .setTextPair(null)
                .setLabel(null)
                .setCreatedAt(Instant.now())
                .setAttributes(Map.of())
                .build();
        producer.send(
            new ProducerRecord<>(
                topics.events(),
                id.getBytes(StandardCharsets.UTF_8),
                formats.of(TextEvent.class).encode(topics.events(), event)));
        sent.add(id);
      }
    }
  }

  private List<Change> comeAndGo(Edges edges, GroupLag lag, Admin admin, Answers answers)
      throws Exception {
    waitingAtMost = BETWEEN;
    List<Change> changes = new ArrayList<>();
    for (int workers : List.of(2, MOST, 1)) {
      int seen = answers.count();
      await().atMost(PATIENCE).until(() -> answers.count() >= seen + BETWEEN);
      changes.add(scale(edges, workers, admin));
    }
    return changes;
  }

  /** Scales as the rule says until the load has come and gone and one worker is left. */
  private List<Change> followTheRule(Edges edges, GroupLag lag, Admin admin, Answers answers)
      throws Exception {
    await().atMost(PATIENCE).until(() -> answers.count() >= BETWEEN);
    ScalingRule rule = rule();
    Autoscaler autoscaler = new Autoscaler(rule);
    List<Change> changes = new ArrayList<>();
    long begin = System.nanoTime();
    long due = begin;
    waitingAtMost = LOUD;
    while (waitingAtMost == LOUD || edges.size() > rule.least()) {
      assertThat(System.nanoTime() - begin).as("time to come and go").isLessThan(LONGEST.toNanos());
      due += TimeUnit.SECONDS.toNanos(SYNC_SECONDS) / SPEED;
      Pace.awaitNanoTime(due);
      int second = (int) ((System.nanoTime() - begin) / NANOS * SPEED);
      Autoscaler.Seen seen =
          new Autoscaler.Seen(
              second, edges.size(), edges.ready(), lag.read() * (double) SPEED, edges.use());
      int next = autoscaler.next(seen);
      if (next != edges.size()) {
        changes.add(scale(edges, next, admin));
      }
      if (edges.size() == MOST) {
        waitingAtMost = QUIET;
      }
    }
    return changes;
  }

  private Change scale(Edges edges, int next, Admin admin) throws Exception {
    int from = edges.size();
    Map<Integer, String> before = settled(admin, from);
    long begin = System.nanoTime();
    edges.scaleTo(next);
    Map<Integer, String> after = settled(admin, next);
    Set<Integer> kept = new TreeSet<>(before.keySet());
    kept.removeIf(partition -> !before.get(partition).equals(after.get(partition)));
    return new Change(from, next, begin, System.nanoTime(), kept);
  }

  /** By partition, the worker that has it, once all are with so many. */
  private Map<Integer, String> settled(Admin admin, int workers) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> owners(admin, workers),
            owners -> owners.size() == PARTITIONS && Set.copyOf(owners.values()).size() == workers);
  }

  private Map<Integer, String> owners(Admin admin, int workers)
      throws ExecutionException, InterruptedException {
    String group = topics.group(Tier.EDGE);
    ConsumerGroupDescription description;
    try {
      description = admin.describeConsumerGroups(Set.of(group)).describedGroups().get(group).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      throw e;
    }
    Map<Integer, String> owners = new HashMap<>();
    if (description.groupState() == GroupState.STABLE && description.members().size() == workers) {
      for (MemberDescription member : description.members()) {
        for (TopicPartition partition : member.assignment().topicPartitions()) {
          owners.put(partition.partition(), member.consumerId());
        }
      }
    }
    return owners;
  }

  private static void print(Change change, long next, Answers answers, long begin) {
    long until = Math.min(change.end() + AFTERMATH.toNanos(), next);
    System.out.printf(
        "scaling: at %.1f s %d -> %d edges in %.1f s; longest silence of partitions that stayed %.2f s (%.2f s just"
            + " before), that moved %.2f s%n",
        (change.begin() - begin) / NANOS,
        change.from(),
        change.to(),
        (change.end() - change.begin()) / NANOS,
        longest(change.kept(), change.begin(), until, answers),
        longest(change.kept(), change.begin() - BEFORE.toNanos(), change.begin(), answers),
        longest(moved(change), change.begin(), until, answers));
  }

  private static Set<Integer> moved(Change change) {
    return IntStream.range(0, PARTITIONS)
        .filter(partition -> !change.kept().contains(partition))
        .boxed()
        .collect(Collectors.toSet());
  }

  private static double longest(Set<Integer> partitions, long from, long to, Answers answers) {
    return partitions.stream()
            .mapToLong(partition -> answers.longestSilence(partition, from, to))
            .max()
            .orElse(0)
        / NANOS;
  }
}
