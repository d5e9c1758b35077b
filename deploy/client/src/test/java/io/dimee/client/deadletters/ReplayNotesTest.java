package io.dimee.client.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Reason;
import io.dimee.avro.Replay;
import io.dimee.avro.Stage;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.SingleObjectFormats;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class ReplayNotesTest {
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final String PLACE = "0@17";

  private final SingleObjectFormats formats = new SingleObjectFormats();
  private final RecordFormat<Replay> format = formats.of(Replay.class);
  private final ReplayNotes notes = new ReplayNotes(format);

  private void add(String key, byte[] value) {
    byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    notes.add(new ConsumerRecord<>("replays", 0, 0, bytes, value));
  }

  private byte[] note(long offset) {
    return format.encode(
        "replays",
        Replay.newBuilder()
            .setDeadLetterPartition(0)
            .setDeadLetterOffset(17)
            .setTopic("events")
            .setPartition(3)
            .setOffset(offset)
            .setReplayedAt(NOON)
            .build());
  }

  private boolean tellOf(DeadLetter letter, String... keys) {
    return notes.tellOf(List.of(keys), PLACE, letter);
  }

  private DeadLetter letter(long offset, Instant failedAt) {
    assertThat(formats.of(DeadLetter.class)).isNotNull();
    return DeadLetter.newBuilder()
        .setStage(Stage.ROUTER)
        .setReason(Reason.UNKNOWN_LABEL)
        .setMessage("")
        .setTopic("events")
        .setPartition(3)
        .setOffset(offset)
        .setPayloadSize(0)
        .setPayloadHead(ByteBuffer.allocate(0))
        .setFailedAt(failedAt)
        .build();
  }

  @Test
  void shouldTellATopicThatWasMadeAnewFromTheOneBefore() {
    PresentTopics before = new PresentTopics(Map.of("dead-letters", Uuid.randomUuid()));
    PresentTopics now = new PresentTopics(Map.of("dead-letters", Uuid.randomUuid()));
    add(before.key("dead-letters", 0, 17), note(5));

    assertThat(tellOf(letter(5, NOON), before.key("dead-letters", 0, 17))).isTrue();
    assertThat(tellOf(letter(5, NOON), now.key("dead-letters", 0, 17))).isFalse();
  }

  @Test
  void shouldReadNotesOfEarlierBuildsAsOfTheLetterThatTheySaw() {
    add(PLACE, note(5));

    assertThat(tellOf(letter(5, NOON.minusSeconds(1)))).isTrue();
    // the topic was recreated: another record, or the same place filled again
    assertThat(tellOf(letter(6, NOON.minusSeconds(1)))).isFalse();
    assertThat(tellOf(letter(5, NOON.plusSeconds(1)))).isFalse();
  }

  @Test
  void shouldPassOverWhatIsNoNoteAndForgetWhatWasTakenBack() {
    add(null, note(5));
    add(PLACE, "no note".getBytes(StandardCharsets.UTF_8));
    assertThat(tellOf(letter(5, NOON.minusSeconds(1)))).isFalse();

    add("key", note(5));
    add("key", null);
    assertThat(tellOf(letter(5, NOON.minusSeconds(1)), "key")).isFalse();
  }
}
