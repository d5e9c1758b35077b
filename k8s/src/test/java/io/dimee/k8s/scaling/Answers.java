package io.dimee.k8s.scaling;

import io.dimee.topology.cluster.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** What a reader of committed predictions has seen, and when. */
final class Answers implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int RECORDS = 5_000;

  private final List<String> ids = new ArrayList<>();
  private final Map<Integer, NavigableSet<Long>> times = new HashMap<>();
  private final CompletableFuture<Void> reading;
  private volatile boolean isStopped;

  /** Begins to read a topic. */
  Answers(KafkaSettings settings, String topic, int partitions) {
    List<TopicPartition> all = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.add(new TopicPartition(topic, partition));
      times.put(partition, new TreeSet<>());
    }
    reading = CompletableFuture.runAsync(() -> read(settings, all));
  }

  private void read(KafkaSettings settings, List<TopicPartition> partitions) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings.consumer(null, RECORDS))) {
      consumer.assign(partitions);
      while (!isStopped) {
        poll(consumer);
      }
      for (Map.Entry<TopicPartition, Long> end : consumer.endOffsets(partitions).entrySet()) {
        while (consumer.position(end.getKey()) < end.getValue()) {
          poll(consumer);
        }
      }
    }
  }

  private void poll(KafkaConsumer<byte[], byte[]> consumer) {
    var polled = consumer.poll(POLL);
    long now = System.nanoTime();
    synchronized (this) {
      polled.forEach(record -> ids.add(new String(record.key(), StandardCharsets.UTF_8)));
      polled.partitions().forEach(partition -> times.get(partition.partition()).add(now));
    }
  }

  /** Of all answers so far, as often as each was seen. */
  synchronized List<String> ids() {
    return List.copyOf(ids);
  }

  /** How many answers there were so far. */
  synchronized int count() {
    return ids.size();
  }

  /** The longest that a partition had no answer for, of what lies in a time; nanoseconds. */
  synchronized long longestSilence(int partition, long from, long to) {
    NavigableSet<Long> seen = times.get(partition);
    long longest = 0;
    long last = from;
    for (long at : seen.subSet(from, true, to, true)) {
      longest = Math.max(longest, at - last);
      last = at;
    }
    return Math.max(longest, to - last);
  }

  /** Reads up to what is the end of the topic now, and no further. */
  void finish() {
    isStopped = true;
    reading.join();
  }

  @Override
  public void close() {
    finish();
  }
}
