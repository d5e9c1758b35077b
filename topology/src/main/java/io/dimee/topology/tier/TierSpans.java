package io.dimee.topology.tier;

import io.dimee.avro.ExitReading;
import io.dimee.avro.HiddenState;
import io.dimee.avro.Hop;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.deadletters.DeadLetters;
import io.dimee.topology.routing.Latency;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.SpanAttributes;
import io.opentelemetry.api.trace.Span;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a tier does with an event, as a span: it begins when a batch takes the record and ends with
 * the batch's commit, see {@link io.dimee.topology.worker.Output}.
 */
public final class TierSpans {
  private final EventTracer tracer;
  private final String tier;

  /** Creates the spans of a tier. */
  public TierSpans(EventTracer tracer, Tier tier) {
    this.tracer = tracer;
    this.tier = EnumNames.lower(tier);
  }

  /**
   * Begins a record's span, in the trace that its headers name.
   *
   * @param taken when the batch took it
   */
  public Span begin(ConsumerRecord<byte[], byte[]> record, int batchSize, Instant taken) {
    Span span =
        tracer.consume(
            "process", record.topic(), record.partition(), record.offset(), record.headers());
    if (span.isRecording()) {
      Instant written = Instant.ofEpochMilli(record.timestamp());
      span.setAttribute(SpanAttributes.TIER, tier)
          .setAttribute(SpanAttributes.BATCH_SIZE, batchSize)
          .setAttribute(SpanAttributes.QUEUE_MS, Latency.between(written, taken).toMillis());
    }
    return span;
  }

  /**
   * An exit of this tier has answered.
   *
   * @param own this tier's hop
   */
  public void answered(Span span, InferenceTask task, Prediction prediction, Hop own) {
    if (span.isRecording()) {
      ran(span, task, prediction.getModelId(), own);
      span.setAttribute(SpanAttributes.EXIT, "answered")
          .setAttribute(SpanAttributes.CONFIDENCE, (double) prediction.getConfidence());
    }
  }

  /**
   * An event is escalated to another tier.
   *
   * @param next the task as the other tier gets it
   */
  void escalated(Span span, InferenceTask next, Tier to, Hop own) {
    if (span.isRecording()) {
      ran(span, next, next.getModelId(), own);
      HiddenState state = next.getHiddenState();
      List<ExitReading> exits = own.getExits();
      span.setAttribute(SpanAttributes.EXIT, EnumNames.lower(to))
          .setAttribute(
              SpanAttributes.HIDDEN_BYTES, state == null ? 0 : state.getData().remaining());
      if (!exits.isEmpty()) {
        span.setAttribute(
            SpanAttributes.CONFIDENCE, (double) exits.get(exits.size() - 1).getConfidence());
      }
    }
  }

  private static void ran(Span span, InferenceTask task, String modelId, Hop own) {
    span.setAttribute(SpanAttributes.EVENT_ID, DeadLetters.head(task.getEventId()))
        .setAttribute(SpanAttributes.POOL, EnumNames.lower(task.getPool()))
        .setAttribute(SpanAttributes.MODEL_ID, modelId)
        .setAttribute(SpanAttributes.DEPTH, own.getToDepth())
        .setAttribute(SpanAttributes.LAYERS, own.getLayersRun())
        .setAttribute(SpanAttributes.RESTARTED, own.getRestarted())
        .setAttribute(SpanAttributes.COMPUTE_MS, own.getComputeMs());
  }
}
