package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.client.deadletters.DeadLetterBox;
import io.dimee.client.deadletters.DeadLetterFilter;
import io.dimee.client.deadletters.DeadLetterReplay;
import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.node.stages.LocalPipeline;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Dead letters of a running pipeline, looked at and replayed; and waited for as predictions are.
 */
@ParameterizedClass
@MethodSource("io.dimee.deploy.BrokerKind#available")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(SharedBroker.class)
class DeadLettersIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Topics TOPICS = new Topics("letters.");

  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @TempDir static Path directory;
  @Parameter BrokerKind kind;
  private Workbench bench;
  private LocalPipeline pipeline;

  @BeforeParameterizedClassInvocation(injectArguments = false)
  void startAndSend(EmbeddedBroker broker) throws Exception {
    bench = new Workbench(kind, broker, TOPICS.prefix(), Workbench.TINY);
    pipeline = bench.pipeline();
    bench.send("good", "a fine film", null);
    bench.send("sideways", "a fine film", "sideways");
    bench.write(
        TOPICS.events(),
        "garbage",
        "no event".getBytes(StandardCharsets.UTF_8),
        new RecordHeaders().add("traceparent", TRACEPARENT.getBytes(StandardCharsets.UTF_8)));
    awaitLetters(2);
  }

  @AfterParameterizedClassInvocation
  void stop() {
    if (pipeline != null) {
      pipeline.close();
    }
    bench.close();
  }

  private List<DeadLetterBox.Entry> letters() {
    return new DeadLetterBox(new Connection(bench.settings(), TOPICS, bench.formats()))
        .read()
        .entries();
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
    bench
        .records(TOPICS.events())
        .forEach(
            record ->
                counts.merge(new String(record.key(), StandardCharsets.UTF_8), 1, Integer::sum));
    return counts;
  }

  private String dimee(String... args) {
    CommandResult result = dimee(TOPICS, args);
    assertThat(result.code()).as(result.err()).isZero();
    return result.out();
  }

  private CommandResult dimee(Topics topics, String... args) {
    List<String> line = new ArrayList<>(List.of(args));
    line.addAll(
        List.of(
            "--bootstrap-servers", bench.bootstrapServers(), "--topic-prefix", topics.prefix()));
    return CommandResult.of(line.toArray(String[]::new));
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
  @Order(1)
  void shouldCarryTheTracesOfTheirRecordsThoughNothingIsTracedHere() {
    assertThat(bench.records(TOPICS.deadLetters()))
        .filteredOn(record -> new String(record.key(), StandardCharsets.UTF_8).equals("garbage"))
        .singleElement()
        .extracting(record -> record.headers().lastHeader("traceparent").value())
        .isEqualTo(TRACEPARENT.getBytes(StandardCharsets.UTF_8));
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
        .untilAsserted(() -> assertThat(Guarantee.allViolations(bench.observed())).isEmpty());
  }

  @Test
  @Order(3)
  void shouldSendARecordOnceThoughTwoReplaysOverlap() throws InterruptedException {
    // Given a replay that stops before its only letter while a whole other one runs
    int before = events().get("sideways");
    DeadLetterFilter filter = new DeadLetterFilter(Map.of("id", "sideways"));
    List<DeadLetterReplay.Result> other = new ArrayList<>();
    try (DeadLetterReplay first =
        new DeadLetterReplay(
            new Connection(bench.settings(), TOPICS, bench.formats()), Clock.systemUTC())) {
      DeadLetterReplay.Watcher overtaken =
          new DeadLetterReplay.Watcher() {
            @Override
            public void done(int count, int all) {
              throw new AssertionError("the overtaken replay continued");
            }

            @Override
            public boolean isStopped() {
              try (DeadLetterReplay second =
                  new DeadLetterReplay(
                      new Connection(bench.settings(), TOPICS, bench.formats()),
                      Clock.systemUTC())) {
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
          .hasMessageContaining("another replay has started");
    }
    assertThat(other).containsExactly(new DeadLetterReplay.Result(1, 0, 0, 0, 0));
    assertThat(events()).containsEntry("sideways", before + 1);
  }

  private void forge(String id, String topic, int partition, long offset, byte[] value, byte[] head)
      throws Exception {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setEventId(id)
            .setStage(Stage.ROUTER)
            .setReason(Reason.INVALID_EVENT)
            .setMessage("forged")
            .setTopic(topic)
            .setPartition(partition)
            .setOffset(offset)
            .setPayloadSize(value.length)
            .setPayloadHead(ByteBuffer.wrap(head))
            .setFailedAt(Instant.now())
            .build();
    write(TOPICS.deadLetters(), id, letter);
  }

  private void write(String topic, String id, DeadLetter letter) throws Exception {
    bench.write(topic, id, bench.formats().of(DeadLetter.class).encode(topic, letter));
  }

  /** Dead letters whose records nobody has sent again yet. */
  private List<String> open() {
    return letters().stream()
        .filter(entry -> entry.standing() == DeadLetterBox.Standing.OPEN)
        .map(DeadLetterBox.Entry::eventId)
        .toList();
  }

  @Test
  @Order(4)
  void shouldPassOverForgedLettersAndReplayTheOthersOnce() throws Exception {
    // Given what anybody may write who may write dead letters
    await().atMost(PATIENCE).until(() -> open().contains("sideways"));
    ConsumerRecord<byte[], byte[]> event =
        bench.records(TOPICS.events()).stream()
            .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals("good"))
            .findFirst()
            .orElseThrow();
    ConsumerRecord<byte[], byte[]> answer = bench.records(TOPICS.predictions()).get(0);
    byte[] longer = Arrays.copyOf(event.value(), event.value().length + 9);
    bench.write(TOPICS.deadLetters(), "tombstone", null);
    bench.write(TOPICS.deadLetters(), "none", "no letter".getBytes(StandardCharsets.UTF_8));
    forge("partition", TOPICS.events(), 99, 0, event.value(), event.value());
    forge("negative", TOPICS.events(), -7, 0, event.value(), event.value());
    forge("head", TOPICS.events(), event.partition(), event.offset(), event.value(), longer);
    forge(
        "answer",
        TOPICS.predictions(),
        answer.partition(),
        answer.offset(),
        answer.value(),
        answer.value());
    forge("offsets", "__consumer_offsets", 0, 0, new byte[0], new byte[0]);

    // and a letter that was written twice, as at-least-once delivery may
    bench.send("late", "a fine film", "nowhere");
    await().atMost(PATIENCE).until(() -> open().contains("late"));
    for (DeadLetterBox.Entry entry : letters()) {
      if ("late".equals(entry.eventId())) {
        write(TOPICS.deadLetters(), "late", entry.letter());
      }
    }

    // When
    int answers = bench.records(TOPICS.predictions()).size();
    CommandResult listed = dimee(TOPICS, "dead-letters", "list");
    String dry = dimee("dead-letters", "replay", "--dry-run");
    String replayed = dimee("dead-letters", "replay");

    // Then
    assertThat(listed.out()).contains("partition", "head", "answer", "offsets", "late");
    assertThat(listed.err())
        .contains("skipped 1 records of letters.dead-letters that are not dead letters");
    assertThat(dry).contains("would replay 7");
    assertThat(replayed)
        .isEqualTo(
            "replayed 3; 3 whose records are gone; 0 that were never written to a topic;"
                + " 2 that name no record of events or tasks; 1 records that are not dead letters\n");
    assertThat(events()).containsEntry("late", 2).containsEntry("good", 1);
    assertThat(bench.records(TOPICS.predictions())).hasSize(answers);
    await().atMost(PATIENCE).until(() -> open().containsAll(List.of("late", "sideways")));
  }

  @Test
  @Order(5)
  void shouldLeaveOutWhatTheTopicHoldsNoMore() throws Exception {
    // Given all of the topic's records gone
    Map<TopicPartition, RecordsToDelete> all =
        Map.of(
            new TopicPartition(TOPICS.events(), 0), RecordsToDelete.beforeOffset(-1),
            new TopicPartition(TOPICS.events(), 1), RecordsToDelete.beforeOffset(-1));
    try (Admin admin = Admin.create(bench.settings().admin())) {
      admin.deleteRecords(all).all().get();
    }

    // When and then
    assertThat(dimee("dead-letters", "replay", "--where", "id=sideways"))
        .contains("replayed 0; 1 whose records are gone; 0 that were never written");
  }

  private CommandResult produceAndWait(Topics topics, Path events, String patience) {
    return dimee(topics, "produce", "--input", events.toString(), "--wait", patience);
  }

  @Test
  @Order(6)
  void shouldBeWaitedForByWhomeverSendsAsPredictionsAre() throws Exception {
    // Given an id twice, once without a text; a label that is none; a line that is no event
    Path events = directory.resolve("events.jsonl");
    Files.writeString(
        events,
        """
        {"id":"one","text":"a fine film"}
        {"id":"twice","text":" "}
        {"id":"twice","text":"a dull film"}
        {"id":"label","text":"a fine film","label":"sideways"}
        no object
        """);

    // When somebody answers
    CommandResult answered = produceAndWait(TOPICS, events, "2m");

    // Then it is done when all have an outcome
    pipeline.throwIfFailed();
    assertThat(answered.code()).as(answered.err()).isZero();
    assertThat(answered.out())
        .startsWith("sent 5 events to letters.events\n")
        .containsPattern("\n5 of 5 events have an outcome after .+ s: 2 answered, 3 dead");
    assertThat(answered.err())
        .contains("dead letter twice: BLANK_TEXT", "dead letter label: UNKNOWN_LABEL")
        .containsPattern("dead letter events\\.jsonl-[0-9a-f]{12}-5: INVALID_EVENT");

    // When nobody answers
    pipeline.close();
    pipeline = null;
    CommandResult silent = produceAndWait(TOPICS, events, "1s");

    // Then the outcomes of the same ids before are not taken for theirs
    assertThat(silent.code()).isEqualTo(1);
    assertThat(silent.out()).contains("\n1 of 5 events have an outcome after ", ": 0 answered, 1");
    assertThat(silent.err())
        .endsWith(
            "dimee: 4 of 5 events have no outcome 1s after the last was sent: one, twice, label\n");

    // And nothing is sent where no outcome can come
    CommandResult nowhere = produceAndWait(new Topics("nowhere."), events, "1s");
    assertThat(nowhere.code()).isEqualTo(1);
    assertThat(nowhere.err()).isEqualTo("dimee: there is no topic nowhere.predictions yet\n");
  }

  private void sendAndPutAside(Topics topics) throws Exception {
    TopicSetup.ensure(bench.settings(), topics.all(), 1);
    byte[] value = Workbench.event(bench.formats(), topics, "e", "a fine film", "sideways");
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setEventId("e")
            .setStage(Stage.ROUTER)
            .setReason(Reason.UNKNOWN_LABEL)
            .setMessage("sideways")
            .setTopic(topics.events())
            .setPartition(0)
            .setOffset(0)
            .setPayloadSize(value.length)
            .setPayloadHead(ByteBuffer.wrap(value))
            .setFailedAt(Instant.now())
            .build();
    // a producer of its own: one that knows the topic before would continue counting
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(bench.settings().producer(null))) {
      producer.send(new ProducerRecord<>(topics.events(), value)).get();
      producer
          .send(
              new ProducerRecord<>(
                  topics.deadLetters(),
                  bench.formats().of(DeadLetter.class).encode(topics.deadLetters(), letter)))
          .get();
    }
  }

  @Test
  @Order(7)
  void shouldNotTakeLettersOfATopicThatWasMadeAnewForReplayed() throws Exception {
    // Given a replayed letter, and recreated topics
    Topics topics = new Topics("anew.");
    sendAndPutAside(topics);
    assertThat(dimee(topics, "dead-letters", "replay").out()).startsWith("replayed 1;");
    assertThat(dimee(topics, "dead-letters", "list").out()).isEqualTo("no dead letters\n");
    try (Admin admin = Admin.create(bench.settings().admin())) {
      admin.deleteTopics(List.of(topics.events(), topics.deadLetters())).all().get();
      await()
          .atMost(PATIENCE)
          .until(() -> !admin.listTopics().names().get().contains(topics.deadLetters()));
    }

    // When another letter lies at the same place, about another record at the same place
    sendAndPutAside(topics);

    // Then it is seen, and replayed once
    assertThat(dimee(topics, "dead-letters", "list").out()).contains("0@0", "sideways");
    assertThat(dimee(topics, "dead-letters", "replay").out()).startsWith("replayed 1;");
    assertThat(dimee(topics, "dead-letters", "replay").out()).startsWith("replayed 0;");
    assertThat(bench.records(topics.events())).hasSize(2);
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
