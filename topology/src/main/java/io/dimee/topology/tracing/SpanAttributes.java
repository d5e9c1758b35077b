package io.dimee.topology.tracing;

import io.opentelemetry.api.common.AttributeKey;

/** What spans tell of an event's way, beside OpenTelemetry's own attributes of messaging. */
public final class SpanAttributes {
  /** The event's id, as far as it is known. */
  public static final AttributeKey<String> EVENT_ID = AttributeKey.stringKey("dimee.event.id");

  /** Where the event is: router or a tier. */
  public static final AttributeKey<String> TIER = AttributeKey.stringKey("dimee.tier");

  /** The complexity class that the router gave the event. */
  public static final AttributeKey<String> POOL = AttributeKey.stringKey("dimee.pool");

  /** The model that routed or ran the event. */
  public static final AttributeKey<String> MODEL_ID = AttributeKey.stringKey("dimee.model.id");

  /** Encoder layers applied when the tier was done. */
  public static final AttributeKey<Long> DEPTH = AttributeKey.longKey("dimee.depth");

  /** Encoder layers that the tier ran. */
  public static final AttributeKey<Long> LAYERS = AttributeKey.longKey("dimee.layers");

  /** Whether the tier ran layers that another had run. */
  public static final AttributeKey<Boolean> RESTARTED = AttributeKey.booleanKey("dimee.restarted");

  /** What became of the event: answered, dead-letter, or the tier that it went to. */
  public static final AttributeKey<String> EXIT = AttributeKey.stringKey("dimee.exit");

  /** Confidence of the last exit asked. */
  public static final AttributeKey<Double> CONFIDENCE = AttributeKey.doubleKey("dimee.confidence");

  /** Records that the tier took together. */
  public static final AttributeKey<Long> BATCH_SIZE = AttributeKey.longKey("dimee.batch.size");

  /** Milliseconds from the record's timestamp to the batch that has it. */
  public static final AttributeKey<Long> QUEUE_MS = AttributeKey.longKey("dimee.queue.ms");

  /** The event's share of the time that inference took, in milliseconds. */
  public static final AttributeKey<Double> COMPUTE_MS = AttributeKey.doubleKey("dimee.compute.ms");

  /** Bytes of the hidden state that the tier sent on. */
  public static final AttributeKey<Long> HIDDEN_BYTES = AttributeKey.longKey("dimee.hidden.bytes");

  /** OpenTelemetry's: why it failed, in one word. */
  public static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  static final AttributeKey<String> MESSAGING_SYSTEM = AttributeKey.stringKey("messaging.system");
  static final AttributeKey<String> MESSAGING_OPERATION =
      AttributeKey.stringKey("messaging.operation.name");
  static final AttributeKey<String> MESSAGING_OPERATION_TYPE =
      AttributeKey.stringKey("messaging.operation.type");
  static final AttributeKey<String> MESSAGING_DESTINATION =
      AttributeKey.stringKey("messaging.destination.name");
  static final AttributeKey<String> MESSAGING_PARTITION =
      AttributeKey.stringKey("messaging.destination.partition.id");
  static final AttributeKey<Long> MESSAGING_OFFSET = AttributeKey.longKey("messaging.kafka.offset");

  private SpanAttributes() {}
}
