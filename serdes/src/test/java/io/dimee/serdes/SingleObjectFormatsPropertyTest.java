package io.dimee.serdes;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.InferenceTask;
import io.dimee.avro.TextEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.specific.SpecificRecord;

class SingleObjectFormatsPropertyTest {
  private static final String TOPIC = "dimee.events";
  private static final int HEADER = 10;

  private final RecordFormat<TextEvent> events = new SingleObjectFormats().of(TextEvent.class);
  private final RecordFormat<InferenceTask> tasks =
      new SingleObjectFormats().of(InferenceTask.class);

  /** One byte of a record, and what it is combined with by exclusive or. */
  record Flip(int place, int mask) {
    void apply(byte[] bytes, int from) {
      bytes[from + place % (bytes.length - from)] ^= (byte) mask;
    }
  }

  @Provide
  Arbitrary<List<Flip>> flips() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 100_000), Arbitraries.integers().between(1, 255))
        .as(Flip::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Property
  void shouldKeepAnyEvent(
      @ForAll String id,
      @ForAll String text,
      @ForAll String pair,
      @ForAll @LongRange(min = 0, max = 4_000_000_000_000L) long createdAt,
      @ForAll @Size(max = 5) Map<String, String> attributes) {
    TextEvent event =
        new TextEvent(
            encodable(id),
            encodable(text),
            encodable(pair),
            null,
            Instant.ofEpochMilli(createdAt),
            attributes.entrySet().stream()
                .collect(
                    Collectors.toMap(
                        entry -> encodable(entry.getKey()),
                        entry -> encodable(entry.getValue()),
                        (first, second) -> first)));

    assertThat(events.decode(TOPIC, events.encode(TOPIC, event))).isEqualTo(event);
  }

  /** Lone surrogates have no UTF-8; Java writes a question mark in their place. */
  private static String encodable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Property(tries = 5_000)
  void shouldReadOrRefuseAnEventWithFlippedBytes(@ForAll("flips") List<Flip> flips) {
    byte[] bytes = events.encode(TOPIC, Samples.event());
    flips.forEach(flip -> flip.apply(bytes, 0));

    readOrRefuse(events, bytes);
  }

  @Property(tries = 5_000)
  void shouldReadOrRefuseATaskWithFlippedBytesInItsBody(@ForAll("flips") List<Flip> flips) {
    byte[] bytes = tasks.encode(TOPIC, Samples.task());
    flips.forEach(flip -> flip.apply(bytes, HEADER));

    readOrRefuse(tasks, bytes);
  }

  @Property
  void shouldRefuseRandomBytes(@ForAll byte[] bytes) {
    assertThat(readOrRefuse(events, bytes)).isFalse();
  }

  @Property(tries = 5_000)
  void shouldReadOrRefuseRandomBodies(@ForAll @Size(max = 200) byte[] body) {
    byte[] header = Arrays.copyOf(tasks.encode(TOPIC, Samples.task()), HEADER);
    byte[] bytes = Arrays.copyOf(header, HEADER + body.length);
    System.arraycopy(body, 0, bytes, HEADER, body.length);

    readOrRefuse(tasks, bytes);
  }

  @Property
  void shouldRefuseAnyTruncationOrExtension(
      @ForAll @IntRange(min = -1_000, max = 1_000) int change) {
    byte[] bytes = tasks.encode(TOPIC, Samples.task());
    int length = Math.max(0, bytes.length + change);
    if (length == bytes.length) {
      return;
    }

    assertThat(readOrRefuse(tasks, Arrays.copyOf(bytes, length))).isFalse();
  }

  /** Returns whether the bytes were read; any exception but the one for refusal fails the test. */
  private static <T extends SpecificRecord> boolean readOrRefuse(
      RecordFormat<T> format, byte[] bytes) {
    try {
      assertThat(format.decode(TOPIC, bytes)).isNotNull();
      return true;
    } catch (UnreadableRecordException e) {
      assertThat(e).hasMessageContaining(TOPIC);
      return false;
    }
  }
}
