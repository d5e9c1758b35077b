package io.dimee.topology;

import io.dimee.inference.Tier;
import io.dimee.serdes.EnumNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tier's consumer loop: poll, process, send, commit. A poll is a batch is a transaction, so an
 * event has exactly one outcome for readers of committed records: offsets and outcomes become
 * visible together or not at all. One thread owns the consumer and the producer; rebalances happen
 * inside poll, when no transaction is open. Batches are computed in another, while the first takes
 * part in the group.
 */
public final class TierWorker implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TierWorker.class);
  private static final Duration POLL = Duration.ofMillis(500);

  /**
   * How often a worker that computes takes part in its group. Each step of a rebalance waits so
   * long for the next poll, and what the worker keeps is not committed meanwhile.
   */
  private static final Duration GROUP_INTERVAL = Duration.ofMillis(50);

  /** How long a worker whose generation is over waits for its next one. */
  private static final Duration REJOIN = Duration.ofSeconds(10);

  private static final Duration REJOIN_POLL = Duration.ofMillis(50);
  private static final Duration TOPICS_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_ATTEMPTS = 10;
  private static final long FIRST_PAUSE_MS = 50;

  private final Tier tier;
  private final Topics topics;
  private final Delivery delivery;
  private final BatchProcessor processor;
  private final Clients clients;
  private final TierMeters meters;
  private final WorkerPulse pulse;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Departures departures = new Departures();
  private final Consumer<byte[], byte[]> consumer;
  private final IdlePositions idle;
  private OutcomeWriter writer;
  private BatchThread batches;
  private volatile boolean stopping;
  private Thread thread;

  /** Makes the clients that a worker owns; the producer is made anew when it was fenced. */
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
      TierMeters meters,
      WorkerPulse pulse) {
    this.tier = tier;
    this.topics = topics;
    this.delivery = delivery;
    this.processor = processor;
    this.clients = clients;
    this.meters = meters;
    this.pulse = pulse;
    meters.add(pulse);
    this.consumer = clients.consumer();
    this.idle = new IdlePositions(consumer);
  }

  /** Starts the loop in a thread of its own. */
  public void start() {
    thread = new Thread(this, name());
    thread.start();
  }

  private String name() {
    return "dimee-" + EnumNames.lower(tier);
  }

  /** Whether the loop goes on; one that is stuck, or has ended, must be started anew. */
  public boolean isLive() {
    return !ended.isDone() && pulse.isBeating();
  }

  /** Whether the group has given the worker its partitions, be they none, at least once. */
  public boolean hasJoined() {
    return departures.hasJoined();
  }

  /** Completes when the loop has ended; exceptionally when it could not go on. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void run() {
    try {
      batches = new BatchThread(name() + "-batch", GROUP_INTERVAL);
      writer = new OutcomeWriter(delivery, clients::producer, consumer);
      consumer.subscribe(List.of(topics.tasks(tier)), departures);
      while (!stopping) {
        ConsumerRecords<byte[], byte[]> polled =
            BatchBytes.cut(consumer, consumer.poll(POLL), BatchBytes.MOST);
        pulse.turn();
        if (polled.isEmpty()) {
          idle.commit();
        } else {
          pulse.beginBatch();
          answer(polled);
          pulse.endBatch();
        }
      }
      closeClients();
      ended.complete(null);
    } catch (WakeupException e) {
      closeClients();
      ended.complete(null);
    } catch (RuntimeException | InterruptedException e) {
      // ended hands the failure to whoever owns the worker
      closeClients();
      ended.completeExceptionally(e);
    }
  }

  private void closeClients() {
    if (batches != null) {
      batches.close();
    }
    consumer.close();
    if (writer != null) {
      writer.close();
    }
    clients.close();
  }

  private void answer(ConsumerRecords<byte[], byte[]> polled) throws InterruptedException {
    departures.begin();
    List<ConsumerRecord<byte[], byte[]>> records = records(polled);
    Set<ConsumerRecord<byte[], byte[]>> tooLarge = new HashSet<>();
    List<Output> outputs = compute(records, tooLarge);
    try {
      boolean oneByOne = false;
      int failures = 0;
      long pause = FIRST_PAUSE_MS;
      while (true) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(polled.nextOffsets());
        offsets.keySet().removeIf(partition -> !departures.isKept(partition));
        if (offsets.isEmpty()) {
          LOG.info("{}: partitions moved to another worker, batch dropped", tier);
          return;
        }
        List<Output> kept =
            outputs.stream().filter(o -> offsets.containsKey(partition(o.source()))).toList();
        int generation = consumer.groupMetadata().generationId();
        pulse.turn();
        Optional<WriteFailure> written = writer.write(kept, offsets, oneByOne);
        if (written.isEmpty()) {
          kept.forEach(Output::committed);
          return;
        }
        WriteFailure failure = written.get();
        if (failure.isFinal()) {
          throw failure.cause();
        }
        Optional<ConsumerRecord<byte[], byte[]>> large = failure.tooLarge();
        if (large.isPresent() && !oneByOne) {
          // The client gives all records that it has not sent yet the reason of the first.
          oneByOne = true;
        } else if (large.isPresent()) {
          if (!tooLarge.add(large.get())) {
            throw new KafkaException(
                "%s worker: %s refuses a dead letter for its size; its max.message.bytes must be %d or more"
                    .formatted(tier, topics.deadLetters(), DeadLetters.MAX_BYTES),
                failure.cause());
          }
          outputs.forEach(Output::abandoned);
          outputs = compute(records, tooLarge);
        } else if (++failures == MAX_ATTEMPTS) {
          throw new KafkaException(
              "%s worker: a batch could not be committed in %d attempts: %s"
                  .formatted(tier, MAX_ATTEMPTS, failure.cause().getMessage()),
              failure.cause());
        } else {
          meters.commitFailed();
          LOG.warn("{}: batch not committed, attempt {}: {}", tier, failures, failure.cause());
          if (failure.isOutOfDate()) {
            rejoin(generation);
          }
          if (failure.isOfAbsence()) {
            requireTopics(kept);
          }
          Thread.sleep(pause);
          pause *= 2;
        }
      }
    } finally {
      outputs.forEach(Output::abandoned);
    }
  }

  /** Stops the worker when a topic that it writes to is gone: waiting does not bring it back. */
  private void requireTopics(List<Output> outputs) {
    Set<String> absent =
        outputs.stream().map(output -> output.record().topic()).collect(Collectors.toSet());
    try {
      absent.removeAll(consumer.listTopics(TOPICS_TIMEOUT).keySet());
    } catch (TimeoutException e) {
      LOG.info("{}: no broker says which topics there are", tier);
      return;
    }
    if (!absent.isEmpty()) {
      throw new KafkaException(
          "%s worker: no topic %s; what was to be written there is kept and read again after a restart"
              .formatted(tier, String.join(", ", absent)));
    }
  }

  private List<Output> compute(
      List<ConsumerRecord<byte[], byte[]>> records, Set<ConsumerRecord<byte[], byte[]>> tooLarge)
      throws InterruptedException {
    List<Output> outputs =
        batches.compute(() -> processor.process(records, tooLarge), () -> takePart(Duration.ZERO));
    consumer.resume(consumer.paused());
    return outputs;
  }

  /**
   * Polls for the group's sake, without taking records: those of a partition that is new here are
   * read again later.
   */
  private void takePart(Duration timeout) {
    consumer.pause(consumer.assignment());
    pulse.turn();
    try {
      rewind(records(consumer.poll(timeout)));
    } catch (WakeupException e) {
      // a stop: the loop ends after the batch in hand
      LOG.debug("{}: stopped while a batch is in hand", tier);
    }
  }

  /**
   * A generation that is over refuses offsets for ever. The next one tells which partitions this
   * worker has kept; one poll is not enough to reach it.
   */
  private void rejoin(int generation) {
    long begin = System.nanoTime();
    do {
      takePart(REJOIN_POLL);
    } while (!stopping
        && consumer.groupMetadata().generationId() == generation
        && System.nanoTime() - begin < REJOIN.toNanos());
    consumer.resume(consumer.paused());
  }

  private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(
      ConsumerRecords<byte[], byte[]> polled) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(polled.count());
    polled.forEach(records::add);
    return records;
  }

  /** Goes back to the first of the records in each partition that this worker has. */
  private void rewind(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<TopicPartition, Long> first = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      first.merge(partition(record), record.offset(), Math::min);
    }
    first.keySet().retainAll(consumer.assignment());
    first.forEach(consumer::seek);
  }

  /** Ends the loop after the batch in hand. */
  public void stop() {
    stopping = true;
    consumer.wakeup();
  }

  /** Ends the loop after the batch in hand, and waits for it. */
  @Override
  public void close() {
    if (thread == null) {
      closeClients();
      return;
    }
    stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      // the owner is in a hurry: the loop still ends by itself
      Thread.currentThread().interrupt();
    }
  }
}
