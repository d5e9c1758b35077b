package io.dimee.topology.tracing;

import io.dimee.avro.DeadLetter;
import io.dimee.serdes.EnumNames;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.apache.kafka.common.header.Headers;

/**
 * Begins spans of single events, named and described as OpenTelemetry's conventions of messaging
 * have it. Where nothing is recorded, a span is no more than the context that came with the record,
 * so that a trace continues through a process that knows no collector. Safe for several threads.
 */
public final class EventTracer {
  private static final String SCOPE = "io.dimee";
  private static final String KAFKA = "kafka";

  private final Tracer tracer;

  /**
   * Creates a tracer.
   *
   * @param openTelemetry its owner's to close, after the last span has ended
   */
  public EventTracer(OpenTelemetry openTelemetry) {
    this.tracer = openTelemetry.getTracer(SCOPE);
  }

  /** A tracer that records nothing and passes contexts on. */
  public static EventTracer off() {
    return new EventTracer(OpenTelemetry.noop());
  }

  /**
   * Begins what is done with a record, in the trace that its headers name.
   *
   * @param operation a verb, the first word of the span's name
   * @param headers of the record
   * @return the caller's to end
   */
  public Span consume(String operation, String topic, int partition, long offset, Headers headers) {
    Context parent = TraceHeaders.extract(headers);
    if (!tracer.isEnabled()) {
      return Span.fromContext(parent);
    }
    return begin(operation, "process", topic, SpanKind.CONSUMER)
        .setParent(parent)
        .setAttribute(SpanAttributes.MESSAGING_PARTITION, Integer.toString(partition))
        .setAttribute(SpanAttributes.MESSAGING_OFFSET, offset)
        .startSpan();
  }

  /**
   * Begins a trace with the sending of an event.
   *
   * @return the caller's to end when the record is written
   */
  public Span send(String topic, String eventId) {
    if (!tracer.isEnabled()) {
      return Span.getInvalid();
    }
    return begin("send", "send", topic, SpanKind.PRODUCER)
        .setNoParent()
        .setAttribute(SpanAttributes.EVENT_ID, eventId)
        .startSpan();
  }

  /** Says in a span that its event became a dead letter. */
  public static void putAside(Span span, DeadLetter letter) {
    if (span.isRecording()) {
      String reason = EnumNames.lower(letter.getReason());
      if (letter.getEventId() != null) {
        span.setAttribute(SpanAttributes.EVENT_ID, letter.getEventId());
      }
      span.setAttribute(SpanAttributes.EXIT, "dead-letter")
          .setAttribute(SpanAttributes.ERROR_TYPE, reason)
          .setStatus(StatusCode.ERROR, reason);
    }
  }

  /** Says in a span that its record was not written, and ends it. */
  public static void notWritten(Span span, Exception cause) {
    span.recordException(cause);
    span.setStatus(StatusCode.ERROR, "not written");
    span.end();
  }

  private SpanBuilder begin(String operation, String type, String topic, SpanKind kind) {
    return tracer
        .spanBuilder(operation + " " + topic)
        .setSpanKind(kind)
        .setAttribute(SpanAttributes.MESSAGING_SYSTEM, KAFKA)
        .setAttribute(SpanAttributes.MESSAGING_OPERATION, operation)
        .setAttribute(SpanAttributes.MESSAGING_OPERATION_TYPE, type)
        .setAttribute(SpanAttributes.MESSAGING_DESTINATION, topic);
  }
}
