package io.dimee.node.dashboard;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.avro.TextEvent;
import io.dimee.client.send.EventWriter;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.tracing.EventTracer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Sends single events and waits for what becomes of them. Owns its producer. */
final class Asker implements AutoCloseable {
  private static final String PREFIX = "dashboard-";
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Clock clock;
  private final Producer<byte[], byte[]> producer;
  private final EventWriter events;
  private final Map<String, CompletableFuture<Object>> waiting = new ConcurrentHashMap<>();

  /** Connects. */
  Asker(Connection connection, EventTracer tracer, Clock clock) {
    this.clock = clock;
    connection.formats().prepare(connection.topics().events(), TextEvent.class);
    Properties properties = connection.settings().producer(null);
    // whoever asks waits in a thread of the web server
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(CLOSE_TIMEOUT.toMillis()));
    this.producer = new KafkaProducer<>(properties);
    this.events = new EventWriter(producer, connection.wire(), tracer);
  }

  /**
   * Sends an event.
   *
   * @param pair second text, or null
   * @return completes with the {@link Prediction} or {@link DeadLetter}; exceptionally when the
   *     cluster does not take the event. Whoever no longer waits cancels it
   */
  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the outcome
  CompletableFuture<Object> ask(String text, String pair) {
    String id = PREFIX + UUID.randomUUID();
    byte[] event =
        events.encode(
            TextEvent.newBuilder()
                .setId(id)
                .setText(text)
                .setTextPair(pair)
                .setCreatedAt(clock.instant())
                .setAttributes(Map.of("source", "dashboard"))
                .build());
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    waiting.put(id, outcome);
    outcome.whenComplete((answer, e) -> waiting.remove(id));
    events.write(
        id,
        event,
        (e, span) -> {
          EventTracer.notWritten(span, e);
          outcome.completeExceptionally(e);
        });
    return outcome;
  }

  void answered(Prediction prediction) {
    complete(prediction.getId(), prediction);
  }

  void refused(DeadLetter letter) {
    complete(letter.getEventId(), letter);
  }

  private void complete(String id, Object outcome) {
    CompletableFuture<Object> asked = id == null ? null : waiting.get(id);
    if (asked != null) {
      asked.complete(outcome);
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }
}
