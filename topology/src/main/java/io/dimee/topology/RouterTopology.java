package io.dimee.topology;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Stage;
import io.dimee.inference.Tier;
import io.dimee.serdes.RecordFormats;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * The router as a Kafka Streams topology: events -> route -> easy | medium | hard | dead-letters.
 * Records are read as bytes, so that what is no event reaches the processor and becomes a dead
 * letter with its coordinates.
 */
public final class RouterTopology {
  private static final String SOURCE = "events-source";
  private static final String ROUTE = "route";
  private static final String DEAD_LETTERS_SINK = "dead-letters-sink";

  private final Topics topics;
  private final EventRouter router;
  private final RecordFormats formats;
  private final Clock clock;

  /** Creates the topology's parts. */
  public RouterTopology(Topics topics, EventRouter router, RecordFormats formats, Clock clock) {
    this.topics = topics;
    this.router = router;
    this.formats = formats;
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
    private final DeadLetters deadLetters = new DeadLetters(Stage.ROUTER, clock);
    private ProcessorContext<byte[], byte[]> context;

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      this.context = context;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      try {
        EventRouter.Routed routed = router.route(record.value());
        InferenceTask task = routed.task();
        String topic = topics.tasks(routed.start());
        context.forward(
            record
                .withKey(task.getEventId().getBytes(StandardCharsets.UTF_8))
                .withValue(formats.of(InferenceTask.class).encode(topic, task)),
            sink(routed.start()));
      } catch (Rejection rejection) {
        context.forward(deadLetter(record, rejection), DEAD_LETTERS_SINK);
      }
    }

    private Record<byte[], byte[]> deadLetter(Record<byte[], byte[]> record, Rejection rejection) {
      RecordMetadata at = context.recordMetadata().orElseThrow();
      DeadLetter letter =
          deadLetters.of(
              rejection,
              new Origin(at.topic(), at.partition(), at.offset(), record.key(), record.value()));
      return record
          .withKey(DeadLetters.key(rejection, record.key()))
          .withValue(formats.of(DeadLetter.class).encode(topics.deadLetters(), letter));
    }
  }
}
