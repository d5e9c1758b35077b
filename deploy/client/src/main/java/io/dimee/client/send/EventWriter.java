package io.dimee.client.send;

import io.dimee.avro.TextEvent;
import io.dimee.serdes.RecordFormat;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.TraceHeaders;
import io.opentelemetry.api.trace.Span;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes single events to their topic, with the id as key and a trace in the headers. */
public final class EventWriter {
  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final RecordFormat<TextEvent> format;
  private final EventTracer tracer;

  /** Creates a writer; the producer stays its owner's to close. */
  public EventWriter(Producer<byte[], byte[]> producer, Wire wire, EventTracer tracer) {
    this.producer = producer;
    this.topic = wire.topics().events();
    this.format = wire.formats().of(TextEvent.class);
    this.tracer = tracer;
  }

  /** Hears that an event was not written. */
  @FunctionalInterface
  public interface Refused {
    /**
     * Hears it, and ends the span.
     *
     * @param cause what the cluster or the client said
     * @param span of the event
     */
    void because(Exception cause, Span span);
  }

  /** An event as it is written. */
  public byte[] encode(TextEvent event) {
    return format.encode(topic, event);
  }

  /** Encodes and writes an event. */
  public void write(TextEvent event, Refused refused) {
    write(event.getId(), encode(event), refused);
  }

  /**
   * Writes an encoded event; what the client refuses at once, as one that is closed does, is
   * refused.
   */
  public void write(String id, byte[] event, Refused refused) {
    Span span = tracer.send(topic, id);
    send(
        producer,
        new ProducerRecord<>(topic, id.getBytes(StandardCharsets.UTF_8), event),
        span,
        refused);
  }

  /** Sends a record, whose span ends when it is written. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback sees every failure
  static void send(
      Producer<byte[], byte[]> producer,
      ProducerRecord<byte[], byte[]> record,
      Span span,
      Refused refused) {
    TraceHeaders.inject(span, record.headers());
    Callback sent =
        (metadata, e) -> {
          if (e == null) {
            span.end();
          } else {
            refused.because(e, span);
          }
        };
    try {
      producer.send(record, sent);
    } catch (RuntimeException e) {
      sent.onCompletion(null, e);
    }
  }
}
