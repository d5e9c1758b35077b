package io.dimee.client.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Reason;
import io.dimee.client.events.EventFile;
import io.dimee.client.events.InputFormat;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.router.EventAttributes;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.SpanAttributes;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventSenderTest {
  private static final Topics TOPICS = new Topics("sent.");
  private static final String LINE = "{\"id\":\"e1\",\"text\":\"a fine film\"}\n";

  @RegisterExtension static final OpenTelemetryExtension TRACES = OpenTelemetryExtension.create();

  private static void send(MockProducer<byte[], byte[]> producer, String lines) throws IOException {
    byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
    EventTracer tracer = new EventTracer(TRACES.getOpenTelemetry());
    try (EventFile file =
        new EventFile("line", new ByteArrayInputStream(bytes), InputFormat.jsonl)) {
      new EventSender(
              producer,
              new Wire(TOPICS, new SingleObjectFormats()),
              PayloadHead.KEPT,
              tracer,
              Clock.systemUTC())
          .send(file, Long.MAX_VALUE, 0, () -> false, count -> {});
    }
  }

  private static String traceparent(ProducerRecord<byte[], byte[]> record) {
    return new String(
        record.headers().lastHeader("traceparent").value(), StandardCharsets.US_ASCII);
  }

  private static SpanData onlySpan() {
    assertThat(TRACES.getSpans()).hasSize(1);
    return TRACES.getSpans().get(0);
  }

  /** Takes no event, for one reason. */
  private static final class Refusing extends MockProducer<byte[], byte[]> {
    private final RuntimeException reason;

    Refusing(RuntimeException reason) {
      super(Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
      this.reason = reason;
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      if (!record.topic().equals(TOPICS.events())) {
        return super.send(record, callback);
      }
      callback.onCompletion(null, reason);
      return CompletableFuture.failedFuture(reason);
    }
  }

  @Test
  void shouldBeginATraceWithEveryLine() throws IOException {
    // Given
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(
            Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());

    // When
    send(producer, LINE + "no object\n");

    // Then
    assertThat(producer.history())
        .extracting(ProducerRecord::topic)
        .containsExactly(TOPICS.events(), TOPICS.deadLetters());
    List<SpanData> spans = TRACES.getSpans();
    assertThat(spans)
        .extracting(SpanData::getName)
        .containsExactly("send sent.events", "send sent.dead-letters");
    assertThat(spans)
        .extracting(span -> span.getAttributes().get(SpanAttributes.EVENT_ID))
        .containsExactly("e1", "line-2");
    assertThat(spans).extracting(SpanData::getTraceId).doesNotHaveDuplicates();
    assertThat(spans.get(1).getAttributes().get(SpanAttributes.EXIT)).isEqualTo("dead-letter");
    for (int i = 0; i < 2; i++) {
      assertThat(traceparent(producer.history().get(i)))
          .contains(spans.get(i).getTraceId(), spans.get(i).getSpanId());
    }
  }

  @Test
  void shouldPutAnEventThatIsTooLargeAsideInItsOwnTrace() throws IOException {
    // Given
    Refusing producer = new Refusing(new RecordTooLargeException("too large"));

    // When
    send(producer, LINE);

    // Then
    assertThat(onlySpan().getName()).isEqualTo("send sent.events");
    assertThat(onlySpan().getStatus().getDescription()).isEqualTo("record_too_large");
    assertThat(producer.history())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.topic()).isEqualTo(TOPICS.deadLetters());
              assertThat(traceparent(letter)).contains(onlySpan().getSpanId());
            });
  }

  @Test
  void shouldPutAnEventWithTooManyAttributesAside() throws IOException {
    // Given
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(
            Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    String attributes =
        IntStream.rangeClosed(0, EventAttributes.MAX_ENTRIES)
            .mapToObj("\"%d\":\"\""::formatted)
            .collect(Collectors.joining(","));

    // When
    send(
        producer, "{\"id\":\"e0\",\"text\":\"film\",\"attributes\":{" + attributes + "}}\n" + LINE);

    // Then it is told as any other line that is no event, and the next is sent
    assertThat(producer.history())
        .extracting(ProducerRecord::topic)
        .containsExactly(TOPICS.deadLetters(), TOPICS.events());
    DeadLetter letter =
        new SingleObjectFormats()
            .of(DeadLetter.class)
            .decode(TOPICS.deadLetters(), producer.history().get(0).value());
    assertThat(letter.getReason()).isEqualTo(Reason.INVALID_EVENT);
    assertThat(letter.getEventId()).isEqualTo("e0");
    assertThat(letter.getMessage()).contains("65 attributes; valid: 64 at most");
    assertThat(TRACES.getSpans().get(0).getStatus().getDescription()).isEqualTo("invalid_event");
  }

  @Test
  void shouldSayInTheTraceThatAnEventWasNotWritten() {
    // Given
    Refusing producer = new Refusing(new TimeoutException("nobody there"));

    // When
    assertThatThrownBy(() -> send(producer, LINE))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("nobody there");

    // Then
    assertThat(onlySpan().getStatus().getDescription()).isEqualTo("not written");
    assertThat(onlySpan().getEvents()).hasSize(1);
  }
}
