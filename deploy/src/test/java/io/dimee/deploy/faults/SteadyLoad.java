package io.dimee.deploy.faults;

import io.dimee.deploy.Workbench;
import io.dimee.deploy.pipeline.Pace;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Events at a steady rate, whatever happens to the cluster; one in a hundred is no event. */
final class SteadyLoad implements AutoCloseable {
  private static final int POISON_EVERY = 100;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Topics topics;
  private final RecordFormats formats;
  private final List<String> texts;
  private final int perSecond;
  private final long begin = System.nanoTime();
  private final CompletableFuture<Void> written;
  private volatile boolean isStopped;

  /** Starts to send. */
  SteadyLoad(
      KafkaSettings settings,
      Topics topics,
      RecordFormats formats,
      List<String> texts,
      int events,
      int perSecond) {
    this.topics = topics;
    this.formats = formats;
    this.texts = texts;
    this.perSecond = perSecond;
    this.written = CompletableFuture.runAsync(() -> send(settings, events));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback sees every failure
  private void send(KafkaSettings settings, int events) {
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer(null))) {
      CompletableFuture<Void> refused = new CompletableFuture<>();
      for (int i = 0; i < events && !isStopped && !refused.isDone(); i++) {
        Pace.awaitNanoTime(begin + (long) (i * NANOS_PER_SECOND / perSecond));
        producer.send(
            new ProducerRecord<>(
                topics.events(), "e%d".formatted(i).getBytes(StandardCharsets.UTF_8), value(i)),
            (metadata, e) -> {
              if (e != null) {
                refused.completeExceptionally(e);
              }
            });
      }
      producer.flush();
      refused.getNow(null);
    }
  }

  private byte[] value(int number) {
    if (number % POISON_EVERY == POISON_EVERY - 1) {
      return "no event".getBytes(StandardCharsets.UTF_8);
    }
    return Workbench.event(formats, topics, "e" + number, texts.get(number % texts.size()), null);
  }

  /** Events that should have been sent by now; while no broker answers, sending them waits. */
  int due() {
    return (int) ((System.nanoTime() - begin) / NANOS_PER_SECOND * perSecond);
  }

  /** Sends no more. */
  void stop() {
    isStopped = true;
  }

  @Override
  public void close() {
    stop();
  }

  /** Completes when all are written; exceptionally when one was not. */
  CompletableFuture<Void> written() {
    return written;
  }
}
