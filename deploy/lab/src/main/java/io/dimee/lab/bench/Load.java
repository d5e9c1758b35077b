package io.dimee.lab.bench;

import io.dimee.avro.TextEvent;
import io.dimee.client.events.InputItem;
import io.dimee.client.outcomes.PartitionWatch;
import io.dimee.client.send.EventWriter;
import io.dimee.client.send.Pace;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.tracing.EventTracer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Sends events to one contestant and waits for committed answers. */
final class Load implements AutoCloseable {
  static final double NANOS_PER_SECOND = 1e9;

  private static final Duration POLL = Duration.ofMillis(100);
  private static final int RECORDS_PER_POLL = 1_000;

  /** A full load for a moment: what is compiled then is what the measured rounds run. */
  private static final int WARM_UP_EVENTS = 1_000;

  /** Answers that do not come for so long will not come. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Contestant contestant;
  private final List<String> classes;
  private final Clock clock;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final EventWriter writer;
  private final PartitionWatch watch;
  private final CompletableFuture<Void> refused = new CompletableFuture<>();
  private int runs;

  /**
   * Connects to a contestant's topics.
   *
   * @param classes names of the classes, in their order
   */
  Load(
      KafkaSettings settings,
      Contestant contestant,
      List<String> classes,
      RecordFormats formats,
      Clock clock) {
    this.contestant = contestant;
    this.classes = classes;
    this.clock = clock;
    this.producer = new KafkaProducer<>(settings.producer(null));
    this.writer =
        new EventWriter(producer, new Wire(contestant.topics(), formats), EventTracer.off());
    this.consumer = new KafkaConsumer<>(settings.consumer(null, RECORDS_PER_POLL));
    String topic = contestant.topics().predictions();
    this.watch = PartitionWatch.ofAll(List.of(topic), PartitionWatch.Held::begin, PATIENCE);
    watch.follow(consumer);
  }

  /** Connects to a contestant; it is closed when that fails. */
  static Load of(
      KafkaSettings settings,
      Contestant contestant,
      List<String> classes,
      RecordFormats formats,
      Clock clock) {
    try {
      return new Load(settings, contestant, classes, formats, clock);
    } catch (RuntimeException e) {
      contestant.close();
      throw e;
    }
  }

  /**
   * Lets the contestant answer some events, again and again.
   *
   * @param seconds after which no more are sent
   */
  void warmUp(List<InputItem.Event> events, double seconds, BiConsumer<String, Integer> progress) {
    List<InputItem.Event> few = events.subList(0, Math.min(events.size(), WARM_UP_EVENTS));
    String stage = "warm-up, " + contestant.name();
    long begin = System.nanoTime();
    do {
      run(few, 0, count -> progress.accept(stage, count));
    } while (System.nanoTime() - begin < seconds * NANOS_PER_SECOND);
  }

  Contestant contestant() {
    return contestant;
  }

  /**
   * What one run showed.
   *
   * @param seconds from the first event sent to the last answer seen
   * @param millis from an event sent to its answer seen; sorted
   * @param accuracy over the events with a label
   */
  record Result(double seconds, List<Double> millis, OptionalDouble accuracy) {
    /** The value that a part of all latencies does not exceed. */
    double percentile(double part) {
      return millis.get((int) Math.min(millis.size() - 1L, (long) (part * millis.size())));
    }
  }

  /**
   * Sends events and waits for their answers.
   *
   * @param rate events a second, or 0 for as fast as possible
   * @param answered told the number of answers so far
   * @throws IllegalStateException when an event is answered twice, or not at all
   */
  Result run(List<InputItem.Event> events, double rate, IntConsumer answered) {
    String run = "run-" + runs++ + "-";
    Map<String, Long> sent = new ConcurrentHashMap<>();
    Map<String, Integer> labels = new HashMap<>();
    List<Double> millis = new ArrayList<>();
    long begin = System.nanoTime();
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(() -> send(run, events, rate, begin, sent));
    AtomicLong last = new AtomicLong(begin);
    while (labels.size() < events.size()) {
      contestant.throwIfFailed();
      refused.getNow(null);
      if (sending.isCompletedExceptionally()) {
        sending.join();
      }
      watch.poll(
          consumer,
          POLL,
          record -> {
            last.set(System.nanoTime());
            String id = new String(record.key(), StandardCharsets.UTF_8);
            if (labels.put(id, contestant.label(record.value())) != null) {
              throw new IllegalStateException(
                  "%s answered the event %s twice".formatted(contestant.name(), id));
            }
            millis.add((last.get() - sent.get(id)) / 1e6);
          });
      answered.accept(labels.size());
      if (System.nanoTime() - last.get() > PATIENCE.toNanos()) {
        throw new IllegalStateException(
            "%s answered %d of %d events and then none for %s"
                .formatted(contestant.name(), labels.size(), events.size(), PATIENCE));
      }
    }
    millis.sort(null);
    return new Result(
        (last.get() - begin) / NANOS_PER_SECOND, millis, accuracy(run, events, labels));
  }

  private void send(
      String run, List<InputItem.Event> events, double rate, long begin, Map<String, Long> sent) {
    for (int i = 0; i < events.size(); i++) {
      InputItem.Event event = events.get(i);
      String id = run + i;
      if (rate > 0) {
        Pace.awaitNanoTime(begin + (long) (i / rate * NANOS_PER_SECOND));
      }
      TextEvent written =
          TextEvent.newBuilder()
              .setId(id)
              .setText(event.text())
              .setTextPair(event.pair())
              .setLabel(event.label())
              .setCreatedAt(clock.instant())
              .setAttributes(Map.of())
              .build();
      sent.put(id, System.nanoTime());
      writer.write(written, (e, span) -> refused.completeExceptionally(e));
    }
    producer.flush();
  }

  private OptionalDouble accuracy(
      String run, List<InputItem.Event> events, Map<String, Integer> labels) {
    return IntStream.range(0, events.size())
        .filter(i -> events.get(i).label() != null)
        .mapToDouble(i -> isRight(events.get(i).label(), labels.get(run + i)) ? 1 : 0)
        .average();
  }

  private boolean isRight(String gold, int answer) {
    return gold.equals(classes.get(answer)) || gold.equals(Integer.toString(answer));
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
