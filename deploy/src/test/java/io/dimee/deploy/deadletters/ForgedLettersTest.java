package io.dimee.deploy.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.Topics;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Dead letters that anybody may have written: what they say leads to no other record. */
class ForgedLettersTest {
  private static final Topics TOPICS = new Topics("forged.");

  /** Avro builds no record of ours before a format of one is made. */
  private final SingleObjectFormats formats = new SingleObjectFormats();

  private DeadLetter letter(String topic, int partition, long offset, long size, byte[] head) {
    assertThat(formats.of(DeadLetter.class)).isNotNull();
    return DeadLetter.newBuilder()
        .setStage(Stage.CLOUD)
        .setReason(Reason.INVALID_TASK)
        .setMessage("forged")
        .setTopic(topic)
        .setPartition(partition)
        .setOffset(offset)
        .setPayloadSize(size)
        .setPayloadHead(ByteBuffer.wrap(head))
        .setFailedAt(Instant.EPOCH)
        .build();
  }

  private static byte[] bytes(Random random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextInt(2);
    }
    return bytes;
  }

  @Property
  void shouldBeOfARecordOnlyWhenItsLengthAndHeadAre(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] value = random.nextInt(8) == 0 ? null : bytes(random, 6);
    byte[] head = bytes(random, 8);
    long size = random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(6);

    byte[] present = value == null ? new byte[0] : value;
    assertThat(DeadLetterReplay.isOf(letter("any", 0, 0, size, head), value))
        .isEqualTo(
            size == present.length
                && head.length <= present.length
                && Arrays.equals(head, Arrays.copyOf(present, head.length)));
  }

  @Property
  void shouldBeReplayedOnlyWhenItNamesAnEventOrATask(
      @ForAll long offset, @ForAll int partition, @ForAll boolean isNoted, @ForAll String other) {
    List<String> inputs = List.of(TOPICS.events(), TOPICS.easy(), TOPICS.medium(), TOPICS.hard());
    for (String topic : TOPICS.types().keySet()) {
      DeadLetterBox.Standing standing =
          DeadLetterBox.standing(TOPICS, letter(topic, partition, offset, 0, new byte[0]), isNoted);
      assertThat(standing == DeadLetterBox.Standing.OPEN)
          .isEqualTo(offset >= 0 && inputs.contains(topic) && !isNoted);
    }
    assertThat(DeadLetterBox.standing(TOPICS, letter(other, partition, 0, 0, new byte[0]), isNoted))
        .isEqualTo(DeadLetterBox.Standing.FOREIGN);
  }

  @Test
  void shouldNotBeReplayedFromWhereOutcomesAre() {
    for (String topic : List.of(TOPICS.predictions(), TOPICS.deadLetters(), TOPICS.replays())) {
      assertThat(DeadLetterBox.standing(TOPICS, letter(topic, 0, 0, 0, new byte[0]), false))
          .isEqualTo(DeadLetterBox.Standing.FOREIGN);
    }
  }
}
