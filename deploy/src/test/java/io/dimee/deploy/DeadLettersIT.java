package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dimee.avro.Reason;
import io.dimee.avro.TextEvent;
import io.dimee.deploy.broker.EmbeddedBroker;
import io.dimee.deploy.cli.Dimee;
import io.dimee.deploy.deadletters.DeadLetterBox;
import io.dimee.deploy.deadletters.DeadLetterFilter;
import io.dimee.deploy.deadletters.DeadLetterReplay;
import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.deploy.guarantee.Observed;
import io.dimee.deploy.pipeline.LocalPipeline;
import io.dimee.deploy.pipeline.ModelSource;
import io.dimee.deploy.pipeline.TopicSnapshot;
import io.dimee.inference.Bundle;
import io.dimee.inference.FileCache;
import io.dimee.serdes.HiddenCodec;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.Delivery;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.Policy;
import io.dimee.topology.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters of a running pipeline, looked at and replayed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeadLettersIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Topics TOPICS = new Topics("letters.");

  @TempDir static Path directory;
  private final RecordFormats formats = new SingleObjectFormats();
  private EmbeddedBroker broker;
  private LocalPipeline pipeline;
  private KafkaSettings settings;

  @BeforeAll
  void startAndSend() throws InterruptedException {
    broker = EmbeddedBroker.temporary();
    settings = new KafkaSettings(broker.bootstrapServers(), Map.of());
    Bundle bundle = Bundle.open(Path.of("../models/bundles/sst2"));
    pipeline =
        LocalPipeline.start(
            broker.bootstrapServers(),
            new ModelSource(
                bundle,
                new FileCache(directory.resolve("cache")),
                bundle.manifest().prices(),
                1,
                HiddenCodec.FP16),
            TOPICS,
            Delivery.EXACTLY_ONCE,
            Policy.CASCADE,
            formats);
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer(null))) {
      send(producer, "good", event("good", null));
      send(producer, "sideways", event("sideways", "sideways"));
      send(producer, "garbage", "no event".getBytes(StandardCharsets.UTF_8));
      producer.flush();
    }
    awaitLetters(2);
  }

  @AfterAll
  void stop() {
    if (pipeline != null) {
      pipeline.close();
    }
    broker.close();
  }

  private byte[] event(String id, String label) {
    return formats
        .of(TextEvent.class)
        .encode(
            TOPICS.events(),
            TextEvent.newBuilder()
                .setId(id)
                .setText("a fine film")
                .setTextPair(null)
                .setLabel(label)
                .setCreatedAt(Instant.EPOCH)
                .setAttributes(Map.of())
                .build());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // an event that is lost fails the test
  private static void send(KafkaProducer<byte[], byte[]> producer, String id, byte[] value) {
    producer.send(
        new ProducerRecord<>(TOPICS.events(), id.getBytes(StandardCharsets.UTF_8), value));
  }

  private List<DeadLetterBox.Entry> letters() {
    return new DeadLetterBox(settings, TOPICS, formats).read();
  }

  private void awaitLetters(int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              pipeline.throwIfFailed();
              assertThat(letters()).hasSize(count);
            });
  }

  /** How often each event's record lies in the topic. */
  private Map<String, Integer> events() {
    Map<String, Integer> counts = new HashMap<>();
    TopicSnapshot.read(
        settings,
        List.of(TOPICS.events()),
        record -> counts.merge(new String(record.key(), StandardCharsets.UTF_8), 1, Integer::sum));
    return counts;
  }

  private String dimee(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> line = new ArrayList<>(List.of(args));
    line.addAll(
        List.of(
            "--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", TOPICS.prefix()));
    int code =
        new Dimee(new PrintWriter(out), new PrintWriter(err), Map.of())
            .run(line.toArray(String[]::new));
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  @Order(1)
  void shouldListAndShowThem() {
    assertThat(dimee("dead-letters", "list"))
        .contains("unknown_label", "sideways", "unreadable_record", "garbage", "letters.events-");
    assertThat(dimee("dead-letters", "list", "--where", "reason=unreadable-record", "--json"))
        .hasLineCount(1)
        .contains("\"event_id\":\"garbage\"", "\"replayed\":false");
    String place =
        letters().stream()
            .filter(e -> e.letter().getReason() == Reason.UNREADABLE_RECORD)
            .findFirst()
            .orElseThrow()
            .place();
    assertThat(dimee("dead-letters", "show", place)).contains("8 bytes", "no event", place);
  }

  @Test
  @Order(2)
  void shouldReplayWhatIsAskedForOnceAndKeepEveryPromise() {
    // When it is asked for twice
    assertThat(dimee("dead-letters", "replay", "--dry-run")).contains("would replay 2");
    assertThat(dimee("dead-letters", "replay", "--where", "id=sideways")).contains("replayed 1;");
    awaitLetters(3);
    String replayed =
        letters().stream()
            .filter(DeadLetterBox.Entry::isReplayed)
            .map(DeadLetterBox.Entry::place)
            .findFirst()
            .orElseThrow();
    assertThat(dimee("dead-letters", "replay", "--where", "place=" + replayed))
        .contains("replayed 0;");

    // Then the label is still unknown: the event's open dead letter is the new one
    assertThat(events()).containsEntry("sideways", 2).containsEntry("good", 1);
    assertThat(letters())
        .filteredOn(e -> "sideways".equals(e.eventId()))
        .extracting(DeadLetterBox.Entry::isReplayed)
        .containsExactly(true, false);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        Guarantee.allViolations(
                            Observed.read(broker.bootstrapServers(), TOPICS, formats)))
                    .isEmpty());
  }

  @Test
  @Order(3)
  void shouldSendARecordOnceThoughTwoReplaysOverlap() throws InterruptedException {
    // Given a replay that stops before its only letter while a whole other one runs
    int before = events().get("sideways");
    DeadLetterFilter filter = new DeadLetterFilter(Map.of("id", "sideways"));
    List<DeadLetterReplay.Result> other = new ArrayList<>();
    try (DeadLetterReplay first =
        new DeadLetterReplay(settings, TOPICS, formats, Clock.systemUTC())) {
      DeadLetterReplay.Watcher overtaken =
          new DeadLetterReplay.Watcher() {
            @Override
            public void done(int count, int all) {
              throw new AssertionError("the overtaken replay went on");
            }

            @Override
            public boolean isStopped() {
              try (DeadLetterReplay second =
                  new DeadLetterReplay(settings, TOPICS, formats, Clock.systemUTC())) {
                other.add(second.run(filter, new Silent()));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return false;
            }
          };

      // When and then
      assertThatThrownBy(() -> first.run(filter, overtaken))
          .isInstanceOf(KafkaException.class)
          .hasMessageContaining("another replay has begun");
    }
    assertThat(other).containsExactly(new DeadLetterReplay.Result(1, 0, 0));
    assertThat(events()).containsEntry("sideways", before + 1);
  }

  @Test
  @Order(4)
  void shouldLeaveOutWhatTheTopicHoldsNoMore() throws Exception {
    // Given all of the topic's records gone
    Map<TopicPartition, RecordsToDelete> all =
        Map.of(
            new TopicPartition(TOPICS.events(), 0), RecordsToDelete.beforeOffset(-1),
            new TopicPartition(TOPICS.events(), 1), RecordsToDelete.beforeOffset(-1));
    try (Admin admin = Admin.create(settings.admin())) {
      admin.deleteRecords(all).all().get();
    }

    // When and then
    assertThat(dimee("dead-letters", "replay", "--where", "id=sideways"))
        .contains("replayed 0; 1 whose records are gone; 0 that were never written");
  }

  private static final class Silent implements DeadLetterReplay.Watcher {
    @Override
    public void done(int count, int all) {}

    @Override
    public boolean isStopped() {
      return false;
    }
  }
}
