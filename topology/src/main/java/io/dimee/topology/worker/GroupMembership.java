package io.dimee.topology.worker;

import io.dimee.topology.lifecycle.Timing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker's part in its group while it has a batch in hand, and takes no other records. */
final class GroupMembership {
  private static final Logger LOG = LoggerFactory.getLogger(GroupMembership.class);

  /** How long a worker whose generation is over waits for its next one. */
  private static final Duration REJOIN = Duration.ofSeconds(10);

  private static final Duration REJOIN_POLL = Duration.ofMillis(50);

  private final Consumer<byte[], byte[]> consumer;
  private final WorkerPulse pulse;
  private final Timing timing;
  private final BooleanSupplier stopping;

  GroupMembership(
      Consumer<byte[], byte[]> consumer,
      WorkerPulse pulse,
      Timing timing,
      BooleanSupplier stopping) {
    this.consumer = consumer;
    this.pulse = pulse;
    this.timing = timing;
    this.stopping = stopping;
  }

  /** The generation that the worker is in. */
  int generation() {
    return consumer.groupMetadata().generationId();
  }

  /** Polls for the group's sake; until {@link #resume} no records come of it. */
  void takePart() {
    takePart(Duration.ZERO);
  }

  /** Records of a partition that is new here are read again later. */
  private void takePart(Duration timeout) {
    consumer.pause(consumer.assignment());
    pulse.turn();
    try {
      rewind(Batch.list(consumer.poll(timeout)));
    } catch (WakeupException e) {
      // a stop: the loop ends after the batch in hand
      LOG.debug("stopped while a batch is being processed");
    }
  }

  /** Takes records again. */
  void resume() {
    consumer.resume(consumer.paused());
  }

  /**
   * A generation that is over refuses offsets for ever. The next one tells which partitions this
   * worker has kept; one poll is not enough to reach it.
   */
  void rejoin(int generation) {
    long begin = timing.nanoTime();
    do {
      takePart(REJOIN_POLL);
    } while (!stopping.getAsBoolean()
        && generation() == generation
        && timing.nanoTime() - begin < REJOIN.toNanos());
    resume();
  }

  /** Goes back to the first of the records in each partition that this worker has. */
  private void rewind(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<TopicPartition, Long> first = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      first.merge(Batch.partition(record), record.offset(), Math::min);
    }
    first.keySet().retainAll(consumer.assignment());
    first.forEach(consumer::seek);
  }
}
