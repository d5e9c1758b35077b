package io.dimee.node.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.ExitReading;
import io.dimee.avro.Hop;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.avro.Tier;
import io.dimee.serdes.SingleObjectFormats;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveViewTest {
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  private static final String LONG = "x".repeat(1_000_000);

  /** What is kept of a record, however large it was. */
  private static final int KEPT_BYTES = 64 * 1024;

  private final SingleObjectFormats formats = new SingleObjectFormats();
  private final LiveView view = new LiveView(Duration.ofHours(1), new Series(CLOCK), CLOCK);

  private static Map<String, String> attributes(int count) {
    return IntStream.range(0, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.toMap(Function.identity(), Function.identity()));
  }

  @Test
  void shouldKeepOfAPredictionWhatThePipelineMayWriteAndNoMore() {
    // Given
    Prediction usual = SeriesTest.prediction(Tier.EDGE, 100);
    usual.setAttributes(attributes(64));
    Prediction large = SeriesTest.prediction(Tier.EDGE, 100);
    large.setId(LONG);
    large.setLabelName(LONG);
    large.setPolicy(LONG);
    large.setModelId(LONG);
    large.setProbabilities(Collections.nCopies(60_000, 0f));
    large.setAttributes(attributes(1_000));
    Hop hop =
        Hop.newBuilder()
            .setTier(Tier.EDGE)
            .setFromDepth(0)
            .setToDepth(1)
            .setLayersRun(1)
            .setExits(Collections.nCopies(1_000, new ExitReading(1, 0, 1f)))
            .setComputeCost(1)
            .setOffloadCost(0)
            .build();
    large.setHops(Collections.nCopies(60, hop));
    Prediction ofOneAttribute = SeriesTest.prediction(Tier.EDGE, 100);
    ofOneAttribute.setAttributes(Map.of("note", LONG));

    // When
    Prediction before = Prediction.newBuilder(usual).build();
    List.of(usual, large, ofOneAttribute).forEach(p -> view.add(p, NOON));

    // Then
    List<Prediction> kept = view.snapshot().recent();
    assertThat(kept.get(2)).isEqualTo(before);
    assertThat(kept.get(1).getAttributes()).hasSize(64);
    assertThat(kept.get(0).getAttributes()).isEmpty();
    assertThat(kept)
        .allSatisfy(
            p ->
                assertThat(formats.of(Prediction.class).encode("any", p))
                    .hasSizeLessThan(KEPT_BYTES));
    assertThat(view.snapshot().totals())
        .allSatisfy(sum -> assertThat(sum.getModelId()).hasSizeLessThan(2_000));
  }

  @Test
  void shouldKeepNoPayloadOfADeadLetter() {
    view.add(
        DeadLetter.newBuilder()
            .setEventId(LONG)
            .setStage(Stage.ROUTER)
            .setReason(Reason.BLANK_TEXT)
            .setMessage(LONG)
            .setException(LONG)
            .setTopic(LONG)
            .setPartition(0)
            .setOffset(0)
            .setPayloadSize(1)
            .setPayloadHead(ByteBuffer.allocate(1_000_000))
            .setFailedAt(NOON)
            .build(),
        NOON);

    assertThat(formats.of(DeadLetter.class).encode("any", view.snapshot().letters().get(0)))
        .hasSizeLessThan(KEPT_BYTES);
  }
}
