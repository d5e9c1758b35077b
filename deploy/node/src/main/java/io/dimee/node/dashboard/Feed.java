package io.dimee.node.dashboard;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.client.outcomes.OutcomeDecoder;
import io.dimee.client.outcomes.PartitionWatch;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.worker.WorkerPulse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the newest predictions and dead letters, and those that come, in a thread of its own;
 * belongs to no group. While the cluster does not answer it keeps trying, and says so.
 */
final class Feed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int RECORDS_PER_POLL = 1_000;

  private final KafkaSettings settings;
  private final PartitionWatch watch;
  private final OutcomeDecoder decoder;
  private final BiConsumer<Prediction, Instant> onPrediction;
  private final BiConsumer<DeadLetter, Instant> onLetter;
  private final Thread thread = new Thread(this::run, "dimee-dashboard-feed");
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicReference<KafkaConsumer<byte[], byte[]>> reading = new AtomicReference<>();
  private final WorkerPulse pulse = new WorkerPulse(System::nanoTime);
  private volatile boolean begun;
  private volatile String problem;

  /**
   * Creates a feed; nothing is read before {@link #start}.
   *
   * @param backlog most records of each topic that are read from before the start
   * @param onPrediction told each prediction and the time of its record
   * @param onLetter told each dead letter and the time of its record
   */
  Feed(
      Connection connection,
      long backlog,
      BiConsumer<Prediction, Instant> onPrediction,
      BiConsumer<DeadLetter, Instant> onLetter) {
    this.settings = connection.settings();
    // its mistakes show at start, not in a thread
    new ConsumerConfig(settings.watcher(RECORDS_PER_POLL));
    Topics topics = connection.topics();
    this.watch =
        PartitionWatch.ofAll(
            List.of(topics.predictions(), topics.deadLetters()),
            held -> held.last(backlog),
            ANSWER);
    this.decoder = new OutcomeDecoder(connection.wire());
    this.onPrediction = onPrediction;
    this.onLetter = onLetter;
  }

  void start() {
    thread.start();
  }

  /** Whether it reads or tries to; one that has been silent for long is stuck. */
  boolean isLive() {
    return thread.isAlive() && pulse.isBeating();
  }

  /** Whether what comes is shown. */
  boolean isReading() {
    return begun && problem == null;
  }

  /** Why nothing can be read, or null when it can. */
  String problem() {
    return problem;
  }

  private void run() {
    while (closing.getCount() > 0) {
      try (KafkaConsumer<byte[], byte[]> consumer =
          new KafkaConsumer<>(settings.watcher(RECORDS_PER_POLL))) {
        reading.set(consumer);
        pulse.turn();
        watch.follow(consumer);
        begun = true;
        problem = null;
        while (closing.getCount() > 0) {
          pulse.turn();
          if (watch.isDue()) {
            // a poll says nothing of brokers that are gone
            consumer.endOffsets(consumer.assignment(), ANSWER);
            watch.follow(consumer);
          }
          watch.poll(consumer, POLL, this::take);
        }
      } catch (WakeupException e) {
        // close has said so already
        LOG.debug("dashboard: woken up to end");
      } catch (RuntimeException e) {
        // whatever it is, a page that says so and tries again is better than one that stands still
        problem = e instanceof KafkaException ? e.getMessage() : e.toString();
        LOG.info("dashboard: {}; retrying", problem, e);
        pulse.turn();
        pause();
      } finally {
        reading.set(null);
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    Instant written = Instant.ofEpochMilli(record.timestamp());
    decoder.decode(
        record,
        prediction -> onPrediction.accept(prediction, written),
        letter -> onLetter.accept(letter, written));
  }

  private void pause() {
    try {
      boolean ending = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("dashboard: {}", ending ? "ending" : "trying again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    KafkaConsumer<byte[], byte[]> consumer = reading.get();
    if (consumer != null) {
      // the only call that other threads may make
      consumer.wakeup();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
