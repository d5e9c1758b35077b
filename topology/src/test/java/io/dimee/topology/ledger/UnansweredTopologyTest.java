package io.dimee.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.avro.TextEvent;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.deadletters.DeadLetters;
import io.dimee.topology.deadletters.Origin;
import io.dimee.topology.deadletters.PayloadHead;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnansweredTopologyTest {
  private static final Topics TOPICS = new Topics("test.");
  private static final Instant NOON = Predictions.NOON;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration RETENTION = Duration.ofDays(30);

  @TempDir Path state;

  private final SingleObjectFormats formats = Predictions.FORMATS;
  private TopologyTestDriver driver;
  private Instant now = NOON;

  @BeforeEach
  void start() {
    driver =
        new TopologyTestDriver(
            new UnansweredTopology(new Wire(TOPICS, formats), 4, RETENTION).build(),
            new KafkaSettings("127.0.0.1:1", Map.of()).ledger("test", state, null),
            NOON);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private void pass(Duration time) {
    driver.advanceWallClockTime(time);
    now = now.plus(time);
  }

  private Unanswered unanswered() {
    return Unanswered.of(
        driver.getTimestampedKeyValueStore(UnansweredTopology.OPEN), now.minus(PATIENCE));
  }

  /** After all that is known to be open has had its time. */
  private Unanswered overdue() {
    pass(PATIENCE.plusSeconds(1));
    return unanswered();
  }

  private void write(String topic, String key, byte[] value, Instant time) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(key == null ? null : key.getBytes(StandardCharsets.UTF_8), value, time);
  }

  private <T extends SpecificRecord> byte[] encode(Class<T> type, String topic, T value) {
    return formats.of(type).encode(topic, value);
  }

  private void event(String id, Instant time) {
    formats.of(TextEvent.class);
    TextEvent event = TextEvent.newBuilder().setId(id).setText("a text").setCreatedAt(NOON).build();
    write(TOPICS.events(), id, encode(TextEvent.class, TOPICS.events(), event), time);
  }

  private void event(String id) {
    event(id, NOON);
  }

  private void predict(String id) {
    write(
        TOPICS.predictions(),
        id,
        Predictions.FORMAT.encode(TOPICS.predictions(), Predictions.edge(id)),
        NOON);
  }

  private void putAside(Stage stage, String id, String key) {
    formats.of(DeadLetter.class);
    DeadLetter letter =
        new DeadLetters(stage, PayloadHead.KEPT, Clock.fixed(NOON, ZoneOffset.UTC))
            .of(Reason.INVALID_EVENT, id, "no", null, new Origin("topic", 0, 0, null, null));
    write(TOPICS.deadLetters(), key, encode(DeadLetter.class, TOPICS.deadLetters(), letter), NOON);
  }

  @Test
  void shouldCountAnEventThatIsLostOnceItIsOverdue() {
    event("lost", NOON.minusSeconds(5));
    event("answered");
    predict("answered");

    assertThat(unanswered())
        .isEqualTo(new Unanswered(1, 0, Optional.of(NOON.minusSeconds(5)), List.of()));
    assertThat(overdue())
        .isEqualTo(
            new Unanswered(
                1,
                1,
                Optional.of(NOON.minusSeconds(5)),
                List.of(new Unanswered.Event("lost", NOON.minusSeconds(5)))));
  }

  @Test
  void shouldKeepNothingOfWhatIsAnswered() {
    event("a");
    predict("a");

    assertThat(driver.getTimestampedKeyValueStore(UnansweredTopology.OPEN).all()).isExhausted();
    assertThat(driver.getKeyValueStore(UnansweredTopology.EARLY).all()).isExhausted();
  }

  @Test
  void shouldCloseAnEventThatIsReadAfterItsOutcome() {
    predict("a");
    event("a");

    assertThat(overdue()).isEqualTo(Unanswered.NONE);
    assertThat(driver.getKeyValueStore(UnansweredTopology.EARLY).all()).isExhausted();
  }

  @ParameterizedTest
  @EnumSource(names = {"ROUTER", "MOBILE", "EDGE", "CLOUD", "UNKNOWN"})
  void shouldTakeADeadLetterForAnOutcome(Stage stage) {
    event("a");
    putAside(stage, "a", "a");

    assertThat(overdue()).isEqualTo(Unanswered.NONE);
  }

  /** What is put aside where it is produced was never in the topic. */
  @Test
  void shouldNotTakeALineThatIsNoEventForAnOutcome() {
    event("a");
    putAside(Stage.PRODUCER, "a", "a");

    assertThat(overdue().overdue()).isEqualTo(1);
  }

  @Test
  void shouldFindTheDeadLetterOfAnEventWithoutAnId() {
    event("  ");
    write(TOPICS.events(), "unreadable", new byte[] {1, 2, 3}, NOON);
    write(TOPICS.events(), "tombstone", null, NOON);
    assertThat(unanswered().open()).isEqualTo(3);

    putAside(Stage.ROUTER, null, "  ");
    putAside(Stage.ROUTER, null, "unreadable");
    putAside(Stage.ROUTER, null, "tombstone");

    assertThat(overdue()).isEqualTo(Unanswered.NONE);
  }

  @Test
  void shouldFindTheDeadLetterOfAnEventWhoseIdIsTooLong() {
    String id = "x".repeat(5_000);
    event(id);
    putAside(Stage.ROUTER, id, null);

    assertThat(overdue()).isEqualTo(Unanswered.NONE);
  }

  @Test
  void shouldGoOnAfterWhatHasNoIdAtAll() {
    write(TOPICS.events(), null, new byte[] {1, 2, 3}, NOON);
    write(TOPICS.predictions(), "a", new byte[] {1, 2, 3}, NOON);
    write(TOPICS.deadLetters(), "a", new byte[] {1, 2, 3}, NOON);
    putAside(Stage.ROUTER, null, null);
    event("a");

    assertThat(overdue().overdue()).isEqualTo(1);
  }

  @Test
  void shouldOpenAnEventAgainThatIsReplayed() {
    event("a");
    putAside(Stage.MOBILE, "a", "a");
    event("a");
    assertThat(overdue().overdue()).isEqualTo(1);

    predict("a");

    assertThat(unanswered()).isEqualTo(Unanswered.NONE);
  }

  /** As of one that was lost, and was sent again. */
  @Test
  void shouldCountAnIdOnceThatCameTwice() {
    event("a");
    event("a", NOON.plusSeconds(3_600));
    assertThat(overdue().open()).isEqualTo(1);

    predict("a");

    assertThat(unanswered()).isEqualTo(Unanswered.NONE);
  }

  /** As where the outcome is that of a task which somebody sent again. */
  @Test
  void shouldForgetAnOutcomeWhoseEventDoesNotCome() {
    predict("a");
    pass(OpenProcessor.EARLY.plusMinutes(20));

    assertThat(driver.getKeyValueStore(UnansweredTopology.EARLY).all()).isExhausted();
    event("a");
    assertThat(unanswered().open()).isEqualTo(1);
  }

  @Test
  void shouldForgetAnEventAfterTheRetention() {
    event("a");
    pass(RETENTION.minusMinutes(20));
    assertThat(unanswered().overdue()).isEqualTo(1);

    pass(Duration.ofMinutes(40));

    assertThat(unanswered()).isEqualTo(Unanswered.NONE);
  }

  /** Its outcome may wait to be read as well. */
  @Test
  void shouldNotTakeAnEventForOverdueThatWaitedToBeRead() {
    event("a", NOON.minus(Duration.ofDays(3)));

    assertThat(unanswered().overdue()).isZero();
  }

  @Test
  void shouldNameTheOldestOfAllParts() {
    for (int i = 0; i < 30; i++) {
      event("e-" + i, NOON.minusSeconds(i));
    }
    Unanswered part = overdue();
    Unanswered other =
        new Unanswered(
            2,
            1,
            Optional.of(NOON.minusSeconds(100)),
            List.of(new Unanswered.Event("other", NOON.minusSeconds(28))));

    Unanswered whole = Unanswered.NONE.plus(part).plus(other);

    assertThat(whole.open()).isEqualTo(32);
    assertThat(whole.overdue()).isEqualTo(31);
    assertThat(whole.oldest()).contains(NOON.minusSeconds(100));
    assertThat(whole.first())
        .hasSize(20)
        .extracting(Unanswered.Event::id)
        .startsWith("e-29", "e-28", "other", "e-27");
  }
}
