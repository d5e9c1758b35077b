package io.dimee.client.send;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.avro.TextEvent;
import io.dimee.client.events.EventFile;
import io.dimee.client.events.InputItem;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.deadletters.DeadLetters;
import io.dimee.topology.deadletters.EventLog;
import io.dimee.topology.deadletters.Origin;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.router.EventAttributes;
import io.dimee.topology.tracing.EventTracer;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Sends a file's events; lines that are none go to the dead-letter topic. */
public final class EventSender {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Producer<byte[], byte[]> producer;
  private final Topics topics;
  private final RecordFormats formats;
  private final EventTracer tracer;
  private final EventWriter events;
  private final Clock clock;
  private final DeadLetters deadLetters;
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  /**
   * Creates a sender; the producer stays its owner's to close.
   *
   * @param head whether dead letters hold the head of a line's bytes
   */
  public EventSender(
      Producer<byte[], byte[]> producer,
      Wire wire,
      PayloadHead head,
      EventTracer tracer,
      Clock clock) {
    this.producer = producer;
    this.topics = wire.topics();
    this.formats = wire.formats();
    this.tracer = tracer;
    this.events = new EventWriter(producer, wire, tracer);
    this.clock = clock;
    this.deadLetters = new DeadLetters(Stage.PRODUCER, head, clock);
  }

  /**
   * Sends until the file, the limit or the caller's patience ends, and waits until all is written.
   *
   * @param rate events a second, or 0 for as fast as possible
   * @param stopped asked before each event
   * @param sent told the number of events and bad lines so far
   * @return the number of events and bad lines
   * @throws KafkaException when the cluster did not take an event
   */
  public long send(
      EventFile file, long limit, double rate, BooleanSupplier stopped, LongConsumer sent)
      throws IOException {
    return send(file, limit, rate, stopped, (id, createdAt) -> {}, sent);
  }

  /**
   * The same, for somebody who looks out for what becomes of each.
   *
   * @param before told id and time of each event and bad line before it is sent
   */
  public long send(
      EventFile file,
      long limit,
      double rate,
      BooleanSupplier stopped,
      BiConsumer<String, Instant> before,
      LongConsumer sent)
      throws IOException {
    long begin = System.nanoTime();
    long count = 0;
    while (count < limit && !stopped.getAsBoolean() && failure.get() == null) {
      InputItem item = file.next();
      if (item == null) {
        break;
      }
      if (rate > 0) {
        Pace.awaitNanoTime(begin + (long) (count / rate * NANOS_PER_SECOND));
      }
      Instant createdAt = clock.instant();
      before.accept(item.id(), createdAt);
      send(item, createdAt);
      sent.accept(++count);
    }
    producer.flush();
    Exception e = failure.get();
    if (e != null) {
      throw new KafkaException("an event was not written: " + e.getMessage(), e);
    }
    return count;
  }

  private void send(InputItem item, Instant createdAt) {
    byte[] key = item.id().getBytes(StandardCharsets.UTF_8);
    if (item instanceof InputItem.BadLine bad) {
      Span span = tracer.send(topics.deadLetters(), bad.id());
      sendDeadLetter(span, key, bad.reason(), bad.message(), null, bad.bytes());
      return;
    }
    InputItem.Event event = (InputItem.Event) item;
    byte[] value =
        events.encode(
            TextEvent.newBuilder()
                .setId(event.id())
                .setText(event.text())
                .setTextPair(event.pair())
                .setLabel(event.label())
                .setCreatedAt(createdAt)
                .setAttributes(event.attributes())
                .build());
    Optional<String> problem = EventAttributes.problem(event.attributes());
    if (problem.isPresent()) {
      Span span = tracer.send(topics.deadLetters(), event.id());
      sendDeadLetter(span, key, Reason.INVALID_EVENT, problem.get(), null, value);
      return;
    }
    events.write(
        event.id(),
        value,
        (e, span) -> {
          if (e instanceof RecordTooLargeException) {
            sendDeadLetter(span, key, Reason.RECORD_TOO_LARGE, e.getMessage(), e, value);
          } else {
            fail(e, span);
          }
        });
  }

  private void sendDeadLetter(
      Span span, byte[] key, Reason reason, String message, Exception cause, byte[] payload) {
    DeadLetter letter =
        deadLetters.of(
            reason,
            new String(key, StandardCharsets.UTF_8),
            message,
            cause,
            new Origin(topics.events(), -1, -1, key, payload));
    EventLog.deadLetter(letter, span);
    EventTracer.putAside(span, letter);
    byte[] value = formats.of(DeadLetter.class).encode(topics.deadLetters(), letter);
    EventWriter.send(
        producer,
        new ProducerRecord<>(topics.deadLetters(), DeadLetters.bounded(key), value),
        span,
        this::fail);
  }

  private void fail(Exception e, Span span) {
    failure.compareAndSet(null, e);
    EventTracer.notWritten(span, e);
  }
}
