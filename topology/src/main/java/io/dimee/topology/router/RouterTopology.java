package io.dimee.topology.router;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.deadletters.DeadLetters;
import io.dimee.topology.deadletters.EventLog;
import io.dimee.topology.deadletters.Origin;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.deadletters.Rejection;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.TraceHeaders;
import io.opentelemetry.api.trace.Span;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * The router as a Kafka Streams topology: events -> route -> easy | medium | hard | dead-letters,
 * or predictions, where words alone answer. Records are read as bytes, so that what is no event
 * reaches the processor and becomes a dead letter with its coordinates.
 */
public final class RouterTopology {
  private static final String SOURCE = "events-source";
  private static final String ROUTE = "route";
  private static final String DEAD_LETTERS_SINK = "dead-letters-sink";
  private static final String PREDICTIONS_SINK = "predictions-sink";

  private final Topics topics;
  private final EventRouter router;
  private final RecordFormats formats;
  private final int largestRecord;
  private final PayloadHead head;
  private final RouterMeters meters;
  private final RouterSpans spans;
  private final Clock clock;

  /**
   * Creates the topology's parts.
   *
   * @param largestRecord bytes of key and value that every topic written to takes
   */
  public RouterTopology(
      Wire wire,
      EventRouter router,
      int largestRecord,
      PayloadHead head,
      RouterMeters meters,
      EventTracer tracer,
      Clock clock) {
    this.topics = wire.topics();
    this.router = router;
    this.formats = wire.formats();
    this.largestRecord = largestRecord;
    this.head = head;
    this.meters = meters;
    this.spans = new RouterSpans(tracer);
    this.clock = clock;
  }

  /** Builds the topology; every node is named. */
  public Topology build() {
    Topology topology =
        new Topology()
            .addSource(
                SOURCE, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topics.events())
            .addProcessor(ROUTE, RouteProcessor::new, SOURCE)
            .addSink(
                DEAD_LETTERS_SINK,
                topics.deadLetters(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                ROUTE)
            .addSink(
                PREDICTIONS_SINK,
                topics.predictions(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                ROUTE);
    for (Tier tier : Tier.values()) {
      topology.addSink(
          sink(tier),
          topics.tasks(tier),
          new ByteArraySerializer(),
          new ByteArraySerializer(),
          ROUTE);
    }
    return topology;
  }

  private String sink(Tier tier) {
    return topics.tasks(tier).substring(topics.prefix().length()) + "-sink";
  }

  private final class RouteProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private final DeadLetters deadLetters = new DeadLetters(Stage.ROUTER, head, clock);
    private ProcessorContext<byte[], byte[]> context;

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      this.context = context;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      long begin = System.nanoTime();
      RecordMetadata at = context.recordMetadata().orElseThrow();
      Span span = spans.begin(at, record.headers());
      try {
        EventRouter.Decision decision = router.route(record.value());
        if (decision instanceof EventRouter.Answered answered) {
          answer(record, span, answered);
          meters.answered(answered, Duration.ofNanos(System.nanoTime() - begin));
          spans.answered(span, answered);
        } else if (decision instanceof EventRouter.Routed routed) {
          send(record, span, routed);
          meters.routed(routed, Duration.ofNanos(System.nanoTime() - begin));
          spans.routed(span, routed);
        }
      } catch (Rejection rejection) {
        meters.deadLetter(rejection.reason());
        DeadLetter letter = deadLetter(at, record, rejection);
        EventTracer.putAside(span, letter);
        EventLog.deadLetter(letter, span);
        forward(
            record,
            span,
            DeadLetters.key(rejection, record.key()),
            formats.of(DeadLetter.class).encode(topics.deadLetters(), letter),
            DEAD_LETTERS_SINK);
      } finally {
        span.end();
      }
    }

    private void answer(Record<byte[], byte[]> record, Span span, EventRouter.Answered answered) {
      Prediction prediction = answered.prediction();
      byte[] value = formats.of(Prediction.class).encode(topics.predictions(), prediction);
      forward(
          record,
          span,
          key("prediction", prediction.getId(), value, topics.predictions()),
          value,
          PREDICTIONS_SINK);
    }

    private void send(Record<byte[], byte[]> record, Span span, EventRouter.Routed routed) {
      String topic = topics.tasks(routed.start());
      byte[] value = formats.of(InferenceTask.class).encode(topic, routed.task());
      byte[] key = key("task", routed.task().getEventId(), value, topic);
      forward(record, span, key, value, sink(routed.start()));
    }

    /** Headers are the producer's own and of any size: all but the trace's context end here. */
    private void forward(
        Record<byte[], byte[]> record, Span span, byte[] key, byte[] value, String sink) {
      Headers headers = new RecordHeaders();
      TraceHeaders.inject(span, headers);
      context.forward(record.withKey(key).withValue(value).withHeaders(headers), sink);
    }

    /**
     * The id as the record's key.
     *
     * @throws Rejection when the record is too large: one that a client refuses stops Kafka
     *     Streams, and again after every restart
     */
    private byte[] key(String what, String id, byte[] value, String topic) {
      byte[] key = id.getBytes(StandardCharsets.UTF_8);
      int size = key.length + value.length;
      if (size > largestRecord) {
        throw new Rejection(
            Reason.RECORD_TOO_LARGE,
            id,
            "the %s has %d bytes, %s accepts %d".formatted(what, size, topic, largestRecord));
      }
      return key;
    }

    private DeadLetter deadLetter(
        RecordMetadata at, Record<byte[], byte[]> record, Rejection rejection) {
      return deadLetters.of(
          rejection,
          new Origin(at.topic(), at.partition(), at.offset(), record.key(), record.value()));
    }
  }
}
