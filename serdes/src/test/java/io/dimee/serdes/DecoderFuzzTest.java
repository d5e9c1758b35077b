package io.dimee.serdes;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.HiddenState;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Prediction;
import io.dimee.avro.Replay;
import io.dimee.avro.TextEvent;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.specific.SpecificRecord;

/**
 * Every decoder of bytes from a topic, on mutations of what it reads: it reads or refuses, with no
 * other exception, and allocates no more than a constant times the record's size. As many inputs a
 * property as {@code jqwik.tries.default} says.
 */
class DecoderFuzzTest {
  private static final String TOPIC = "dimee.any";

  /** The size of objects that one byte can ask for: an entry of a map, or a hop. */
  private static final int BYTES_A_BYTE = 256;

  /** Exceptions and their messages. */
  private static final int BYTES_A_RECORD = 64 * 1024;

  private static final int TOKENS = 3;
  private static final int HIDDEN = 8;

  private final RecordFormats formats = new SingleObjectFormats();

  private <T extends SpecificRecord> void shouldReadOrRefuse(Class<T> type, T sample, long seed) {
    RecordFormat<T> format = formats.of(type);
    byte[] other = formats.of(InferenceTask.class).encode(TOPIC, Samples.task());
    byte[] bytes = new Mutation(new Random(seed)).of(format.encode(TOPIC, sample), other);

    assertThat(Allocation.of(() -> readOrRefuse(format, bytes)))
        .as("%d bytes", bytes.length)
        .isLessThan(BYTES_A_RECORD + (long) BYTES_A_BYTE * bytes.length);
  }

  private static void readOrRefuse(RecordFormat<?> format, byte[] bytes) {
    try {
      assertThat(format.decode(TOPIC, bytes)).isNotNull();
    } catch (UnreadableRecordException e) {
      assertThat(e).hasMessageContaining(TOPIC);
    }
  }

  @Property
  void shouldReadOrRefuseEvents(@ForAll long seed) {
    shouldReadOrRefuse(TextEvent.class, Samples.event(), seed);
  }

  @Property
  void shouldReadOrRefuseTasks(@ForAll long seed) {
    shouldReadOrRefuse(InferenceTask.class, Samples.task(), seed);
  }

  @Property
  void shouldReadOrRefusePredictions(@ForAll long seed) {
    shouldReadOrRefuse(Prediction.class, Samples.prediction(), seed);
  }

  @Property
  void shouldReadOrRefuseDeadLetters(@ForAll long seed) {
    shouldReadOrRefuse(DeadLetter.class, Samples.deadLetter(), seed);
  }

  @Property
  void shouldReadOrRefuseReplays(@ForAll long seed) {
    shouldReadOrRefuse(Replay.class, Samples.replay(), seed);
  }

  @Property
  void shouldReadOrRefuseHiddenStates(@ForAll HiddenCodec codec, @ForAll long seed) {
    Random random = new Random(seed);
    HiddenState state = codec.encode(Samples.matrix(TOKENS * HIDDEN, seed), 0, TOKENS, HIDDEN);
    byte[] data = state.getData().array();
    state.setData(ByteBuffer.wrap(new Mutation(random).of(data, data)));
    if (random.nextInt(4) == 0) {
      state.setTokens(random.nextInt());
    }
    if (random.nextInt(4) == 0) {
      state.setHidden(random.nextInt());
    }
    FloatBuffer target = Samples.direct(TOKENS * HIDDEN);

    assertThat(Allocation.of(() -> isRead(state, target)))
        .isLessThan(BYTES_A_RECORD + (long) BYTES_A_BYTE * state.getData().remaining());
    boolean isRead = isRead(state, target);
    for (int i = 0; isRead && i < target.capacity(); i++) {
      assertThat(target.get(i)).isFinite();
    }
  }

  private static boolean isRead(HiddenState state, FloatBuffer target) {
    try {
      HiddenCodec.decode(state, TOKENS, HIDDEN, target, 0);
      return true;
    } catch (CorruptHiddenStateException e) {
      return false;
    }
  }
}
