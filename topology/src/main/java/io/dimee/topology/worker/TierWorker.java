package io.dimee.topology.worker;

import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.deadletters.DeadLetters;
import io.dimee.topology.lifecycle.Closing;
import io.dimee.topology.lifecycle.Timing;
import io.dimee.topology.lifecycle.Uninterrupted;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tier's consumer loop: poll, process, send, commit. A poll is a batch is a transaction, so an
 * event has exactly one outcome for readers of committed records: offsets and outcomes become
 * visible together or not at all. One thread owns the consumer and the producer; rebalances happen
 * inside poll, when no transaction is open but one whose commit was asked for and not answered:
 * whoever gets its partitions waits for its offsets. Batches are computed in another thread, while
 * the first takes part in the group.
 */
public final class TierWorker implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TierWorker.class);
  private static final Duration POLL = Duration.ofMillis(500);

  /**
   * How often a worker that computes takes part in its group. Each step of a rebalance waits so
   * long for the next poll, and what the worker keeps is not committed meanwhile.
   */
  private static final Duration GROUP_INTERVAL = Duration.ofMillis(50);

  private final Tier tier;
  private final Topics topics;
  private final Delivery delivery;
  private final BatchProcessor processor;
  private final Clients clients;
  private final WorkerMeters meters;
  private final WorkerPulse pulse;
  private final Timing timing;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Departures departures = new Departures();
  private final Consumer<byte[], byte[]> consumer;
  private final IdlePositions idle;
  private final GroupMembership group;
  private final OutputTopics outputTopics;
  private OutcomeWriter writer;
  private BatchThread batches;
  private volatile boolean stopping;
  private Thread thread;

  /** Makes the clients that a worker owns; the producer is recreated when it was fenced. */
  public interface Clients extends AutoCloseable {
    /** A consumer of committed records, without auto-commit. */
    Consumer<byte[], byte[]> consumer();

    /** A producer; transactional when delivery is exactly once. */
    Producer<byte[], byte[]> producer();

    /** Ends what watches the clients; they are closed already. */
    @Override
    default void close() {
      // most watch nothing
    }
  }

  /** Creates a worker; nothing is read before {@link #start}. */
  public TierWorker(
      Tier tier,
      Topics topics,
      Delivery delivery,
      BatchProcessor processor,
      Clients clients,
      WorkerMeters meters,
      WorkerPulse pulse) {
    this(tier, topics, delivery, processor, clients, meters, pulse, Timing.SYSTEM);
  }

  /** The same with a time of its own. */
  TierWorker(
      Tier tier,
      Topics topics,
      Delivery delivery,
      BatchProcessor processor,
      Clients clients,
      WorkerMeters meters,
      WorkerPulse pulse,
      Timing timing) {
    this.tier = tier;
    this.topics = topics;
    this.delivery = delivery;
    this.processor = processor;
    this.clients = clients;
    this.meters = meters;
    this.pulse = pulse;
    this.timing = timing;
    meters.add(pulse);
    this.consumer = clients.consumer();
    this.idle = new IdlePositions(consumer);
    this.outputTopics = new OutputTopics(consumer);
    this.group = new GroupMembership(consumer, pulse, timing, () -> stopping);
  }

  /** Starts the loop in a thread of its own. */
  public void start() {
    thread = new Thread(this, name());
    thread.start();
  }

  private String name() {
    return "dimee-" + EnumNames.lower(tier);
  }

  /** Whether the loop is live; one that is stuck, or has ended, must be restarted. */
  public boolean isLive() {
    return !ended.isDone() && pulse.isBeating();
  }

  /** Whether the group has given the worker its partitions, be they none, at least once. */
  public boolean hasJoined() {
    return departures.hasJoined();
  }

  /** Completes when the loop has ended; exceptionally when it failed. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void run() {
    Throwable failure = null;
    try {
      loop();
    } catch (WakeupException e) {
      LOG.debug("{}: woken up to stop", tier);
    } catch (Throwable e) {
      // an Error too: ended hands it to whoever owns the worker
      failure = e;
    }
    end(failure);
  }

  private void loop() throws InterruptedException {
    batches = new BatchThread(name() + "-batch", GROUP_INTERVAL);
    writer = OutcomeWriter.open(delivery, clients::producer, consumer);
    consumer.subscribe(List.of(topics.tasks(tier)), departures);
    while (!stopping) {
      ConsumerRecords<byte[], byte[]> polled =
          BatchBytes.cut(consumer, consumer.poll(POLL), BatchBytes.MOST);
      pulse.turn();
      if (polled.isEmpty()) {
        idle.commit();
      } else {
        pulse.beginBatch();
        answer(new Batch(polled));
        pulse.endBatch();
      }
    }
  }

  private void end(Throwable cause) {
    Throwable failure = cause;
    try {
      failure = closeClients(cause);
    } finally {
      if (failure == null) {
        ended.complete(null);
      } else {
        ended.completeExceptionally(failure);
      }
    }
  }

  private Throwable closeClients(Throwable cause) {
    return Closing.all(cause, batches, consumer, writer, clients);
  }

  private void answer(Batch batch) throws InterruptedException {
    departures.begin();
    compute(batch);
    try {
      write(batch);
    } finally {
      batch.end();
    }
  }

  private void compute(Batch batch) throws InterruptedException {
    batch.become(
        batches.compute(
            () -> processor.process(batch.records(), batch.tooLarge()), group::takePart));
    group.resume();
  }

  /** Tries until each partition is written, or left to another worker. */
  private void write(Batch batch) throws InterruptedException {
    Attempts attempts = new Attempts(timing);
    WriteResult result = new WriteResult.Written(Set.of());
    boolean oneByOne = false;
    while (true) {
      if (!(result instanceof WriteFailure.Unknown)) {
        if (batch.leave(departures::isKept)) {
          LOG.info("{}: partitions moved to another worker, which gets their records", tier);
        }
        if (batch.isDone()) {
          return;
        }
      }
      int generation = group.generation();
      pulse.turn();
      result = attempt(batch, result, oneByOne);
      batch.doubt(result instanceof WriteFailure.Unknown);
      if (result instanceof WriteResult.Written written) {
        batch.written(written.partitions());
      } else if (result instanceof WriteFailure.TooLarge large) {
        // The client gives all records that it has not sent yet the reason of the first.
        if (oneByOne) {
          putAside(batch, large);
        }
        oneByOne = true;
      } else if (result instanceof WriteFailure failure) {
        if (isGivenUp(failure)) {
          LOG.warn("{}: stopped, a batch is left to the next worker: {}", tier, failure.cause());
          return;
        }
        requireAnother(attempts, failure);
        recover(batch, failure, generation);
        attempts.pause();
      }
    }
  }

  private WriteResult attempt(Batch batch, WriteResult before, boolean oneByOne) {
    WriteResult result =
        before instanceof WriteFailure.Unknown unknown
            ? unknown.doubt().settle(departures::isKept)
            : writer.write(batch.outputs(), batch.offsets(), oneByOne);
    if (result instanceof WriteFailure.Unknown unknown && Thread.interrupted()) {
      // asked once more before whoever interrupts is obeyed
      try {
        return unknown.doubt().settle(departures::isKept);
      } finally {
        Thread.currentThread().interrupt();
      }
    }
    return result;
  }

  private void putAside(Batch batch, WriteFailure.TooLarge large) throws InterruptedException {
    if (!batch.putAside(large.source())) {
      throw new KafkaException(
          "%s worker: %s rejects a dead letter because of its size; its max.message.bytes must be %d or more"
              .formatted(tier, topics.deadLetters(), DeadLetters.MAX_BYTES),
          large.cause());
    }
    compute(batch);
  }

  /**
   * Whether a stop need not wait for a batch: nothing of it is written, or whoever is next learns
   * from the offsets that it is. Without transactions, outcomes without offsets would be doubled.
   */
  private boolean isGivenUp(WriteFailure failure) {
    return stopping
        && delivery == Delivery.EXACTLY_ONCE
        && !(failure instanceof WriteFailure.Fatal);
  }

  private void requireAnother(Attempts attempts, WriteFailure failure) {
    KafkaException cause = failure.cause();
    if (failure instanceof WriteFailure.Fatal) {
      throw cause;
    }
    if (!attempts.failed()) {
      throw new KafkaException(
          "%s worker: a batch could not be committed in %d attempts: %s"
              .formatted(tier, attempts.failures(), cause.getMessage()),
          cause);
    }
    meters.commitFailed();
    String what =
        failure instanceof WriteFailure.Unknown
            ? "whether a batch is committed is not known"
            : "batch not committed";
    LOG.warn("{}: {}, attempt {}: {}", tier, what, attempts.failures(), cause);
  }

  private void recover(Batch batch, WriteFailure failure, int generation) {
    if (failure instanceof WriteFailure.Migrated) {
      group.rejoin(generation);
    } else if (failure instanceof WriteFailure.TopicAbsent) {
      requireTopics(batch.outputs());
    } else if (failure instanceof WriteFailure.Unknown) {
      // brokers may be silent for minutes, and the group need not wait
      group.takePart();
      group.resume();
    }
  }

  /** Stops the worker when a topic that it writes to is gone: waiting does not bring it back. */
  private void requireTopics(List<Output> outputs) {
    List<String> absent = outputTopics.absent(outputs);
    if (!absent.isEmpty()) {
      throw new KafkaException(
          "%s worker: no topic %s; what was to be written there is kept and read again after a restart"
              .formatted(tier, String.join(", ", absent)));
    }
  }

  /** Ends the loop after the batch in hand. */
  public void stop() {
    stopping = true;
    consumer.wakeup();
  }

  /**
   * Ends the loop after the batch in hand and waits for it, also in a thread that is interrupted:
   * the caller then closes what the batch is computed with.
   */
  @Override
  public void close() {
    if (thread == null) {
      Throwable failure = closeClients(null);
      if (failure != null) {
        throw new KafkaException("%s worker: a client did not close".formatted(tier), failure);
      }
      return;
    }
    stop();
    Uninterrupted.await(thread::join);
  }
}
