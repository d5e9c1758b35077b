package io.dimee.topology;

import io.dimee.inference.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tier's consumer loop: poll, process, send, commit. A poll is a batch is a transaction, so an
 * event has exactly one outcome for readers of committed records: offsets and outcomes become
 * visible together or not at all. One thread owns the consumer and the producer; rebalances happen
 * inside poll, when no transaction is open.
 */
public final class TierWorker implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TierWorker.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int MAX_ATTEMPTS = 10;
  private static final long FIRST_PAUSE_MS = 50;

  private final Tier tier;
  private final Topics topics;
  private final Delivery delivery;
  private final TaskProcessor processor;
  private final Clients clients;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Consumer<byte[], byte[]> consumer;
  private Producer<byte[], byte[]> producer;
  private volatile boolean stopping;
  private Thread thread;

  /** Makes the clients that a worker owns; the producer is made anew when it was fenced. */
  public interface Clients {
    /** A consumer of committed records, without auto-commit. */
    Consumer<byte[], byte[]> consumer();

    /** A producer; transactional when delivery is exactly once. */
    Producer<byte[], byte[]> producer();
  }

  /** Creates a worker; nothing is read before {@link #start}. */
  public TierWorker(
      Tier tier, Topics topics, Delivery delivery, TaskProcessor processor, Clients clients) {
    this.tier = tier;
    this.topics = topics;
    this.delivery = delivery;
    this.processor = processor;
    this.clients = clients;
    this.consumer = clients.consumer();
  }

  /** Starts the loop in a thread of its own. */
  public void start() {
    thread = new Thread(this, "dimee-" + tier.name().toLowerCase(java.util.Locale.ROOT));
    thread.start();
  }

  /** Completes when the loop has ended; exceptionally when it could not go on. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void run() {
    try {
      openProducer();
      consumer.subscribe(List.of(topics.tasks(tier)));
      while (!stopping) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
        if (!polled.isEmpty()) {
          answer(polled);
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
    consumer.close();
    if (producer != null) {
      producer.close(Duration.ofSeconds(5));
    }
  }

  private void openProducer() {
    producer = clients.producer();
    if (delivery == Delivery.EXACTLY_ONCE) {
      producer.initTransactions();
    }
  }

  private void answer(ConsumerRecords<byte[], byte[]> polled) throws InterruptedException {
    List<ConsumerRecord<byte[], byte[]>> records = records(polled);
    Map<TopicPartition, OffsetAndMetadata> offsets = polled.nextOffsets();
    Set<ConsumerRecord<byte[], byte[]>> tooLarge = new HashSet<>();
    boolean oneByOne = false;
    long pause = FIRST_PAUSE_MS;
    for (int attempt = 1; ; attempt++) {
      List<Output> outputs = processor.process(records, tooLarge);
      Queue<Refusal> refused = new ConcurrentLinkedQueue<>();
      try {
        if (delivery == Delivery.EXACTLY_ONCE) {
          sendInTransaction(outputs, offsets, oneByOne, refused);
        } else {
          send(outputs, oneByOne, refused);
          producer.flush();
          throwFirst(refused);
          consumer.commitSync(offsets);
        }
        return;
      } catch (AuthenticationException | AuthorizationException | UnsupportedVersionException e) {
        throw e;
      } catch (KafkaException e) {
        if (e instanceof WakeupException) {
          throw e;
        }
        abandon();
        // after the abort, which waits until every record has been written or refused
        Optional<Refusal> size =
            refused.stream().filter(r -> r.cause() instanceof RecordTooLargeException).findFirst();
        if (size.isPresent() && !oneByOne) {
          // The client gives all records that it has not sent yet the reason of the first.
          oneByOne = true;
        } else if (size.isPresent()) {
          tooLarge.add(size.get().source());
        } else if (!stillOwns(records)) {
          LOG.info("{}: partitions moved to another worker, batch dropped", tier);
          rewind(records);
          return;
        } else if (attempt == MAX_ATTEMPTS) {
          throw new KafkaException(
              "%s worker: a batch could not be committed in %d attempts: %s"
                  .formatted(tier, MAX_ATTEMPTS, e.getMessage()),
              e);
        } else {
          LOG.warn("{}: batch not committed, attempt {}: {}", tier, attempt, e.toString());
          Thread.sleep(pause);
          pause *= 2;
        }
      }
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(
      ConsumerRecords<byte[], byte[]> polled) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(polled.count());
    polled.forEach(records::add);
    return records;
  }

  private record Refusal(ConsumerRecord<byte[], byte[]> source, Exception cause) {}

  private void sendInTransaction(
      List<Output> outputs,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      boolean oneByOne,
      Queue<Refusal> refused) {
    producer.beginTransaction();
    // no flush: the outcomes travel while the offsets do, and the commit waits for both
    send(outputs, oneByOne, refused);
    producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
    producer.commitTransaction();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback sees every failure
  private void send(List<Output> outputs, boolean oneByOne, Queue<Refusal> refused) {
    for (Output output : outputs) {
      producer.send(
          output.record(),
          (metadata, e) -> {
            if (e != null) {
              refused.add(new Refusal(output.source(), e));
            }
          });
      if (oneByOne) {
        producer.flush();
        throwFirst(refused);
      }
    }
  }

  private static void throwFirst(Queue<Refusal> refused) {
    if (!refused.isEmpty()) {
      Exception cause = refused.peek().cause();
      throw new KafkaException("an outcome was not written: " + cause.getMessage(), cause);
    }
  }

  /** Leaves the failed transaction behind; a producer that is fenced or broken is replaced. */
  private void abandon() {
    if (delivery == Delivery.AT_LEAST_ONCE) {
      return;
    }
    try {
      producer.abortTransaction();
    } catch (KafkaException | IllegalStateException e) {
      LOG.info("{}: producer replaced: {}", tier, e.toString());
      producer.close(Duration.ZERO);
      openProducer();
    }
  }

  /**
   * A generation that has moved on refuses offsets for ever: then the batch belongs to another
   * worker.
   */
  private boolean stillOwns(List<ConsumerRecord<byte[], byte[]>> records) {
    // Only poll learns of a rebalance. What it brings, from partitions that are new here, is read
    // again later.
    consumer.pause(consumer.assignment());
    rewind(records(consumer.poll(Duration.ZERO)));
    consumer.resume(consumer.assignment());
    return records.stream()
        .allMatch(
            r -> consumer.assignment().contains(new TopicPartition(r.topic(), r.partition())));
  }

  /** Goes back to the first record of the batch in each partition that this worker still has. */
  private void rewind(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<TopicPartition, Long> first = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      first.merge(
          new TopicPartition(record.topic(), record.partition()), record.offset(), Math::min);
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
