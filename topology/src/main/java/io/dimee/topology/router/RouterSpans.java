package io.dimee.topology.router;

import io.dimee.avro.Prediction;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.SpanAttributes;
import io.opentelemetry.api.trace.Span;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** What the router does with an event, as a span. */
final class RouterSpans {
  private static final String ROUTER = "router";

  private final EventTracer tracer;

  RouterSpans(EventTracer tracer) {
    this.tracer = tracer;
  }

  Span begin(RecordMetadata at, Headers headers) {
    return tracer
        .consume("route", at.topic(), at.partition(), at.offset(), headers)
        .setAttribute(SpanAttributes.TIER, ROUTER);
  }

  void answered(Span span, EventRouter.Answered answered) {
    if (span.isRecording()) {
      Prediction prediction = answered.prediction();
      span.setAttribute(SpanAttributes.EVENT_ID, prediction.getId())
          .setAttribute(SpanAttributes.POOL, EnumNames.lower(prediction.getPool()))
          .setAttribute(SpanAttributes.MODEL_ID, prediction.getModelId())
          .setAttribute(SpanAttributes.DEPTH, 0)
          .setAttribute(SpanAttributes.LAYERS, 0)
          .setAttribute(SpanAttributes.COMPUTE_MS, answered.own().getComputeMs())
          .setAttribute(SpanAttributes.EXIT, "answered")
          .setAttribute(SpanAttributes.CONFIDENCE, (double) prediction.getConfidence());
    }
  }

  void routed(Span span, EventRouter.Routed routed) {
    if (span.isRecording()) {
      span.setAttribute(SpanAttributes.EVENT_ID, routed.task().getEventId())
          .setAttribute(SpanAttributes.POOL, EnumNames.lower(routed.task().getPool()))
          .setAttribute(SpanAttributes.MODEL_ID, routed.task().getModelId())
          .setAttribute(SpanAttributes.EXIT, EnumNames.lower(routed.start()));
    }
  }
}
