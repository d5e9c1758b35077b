package io.dimee.topology.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class EventTracerTest {
  private final EventTracer tracer = EventTracer.off();

  @Test
  void shouldMakeNothingWhereNothingIsTraced() {
    // Given a record without headers
    Headers headers = new RecordHeaders();

    // When
    Span consumed = tracer.consume("process", "topic", 0, 0, headers);
    Span sent = tracer.send("topic", "id");
    TraceHeaders.inject(consumed, headers);

    // Then both are the one span that means none
    assertThat(consumed).isSameAs(Span.getInvalid());
    assertThat(sent).isSameAs(Span.getInvalid());
    assertThat(headers).isEmpty();
  }
}
