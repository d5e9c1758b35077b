package io.dimee.topology.worker;

import io.dimee.topology.lifecycle.Uninterrupted;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether the topics are there that outcomes go to. */
final class OutputTopics {
  private static final Logger LOG = LoggerFactory.getLogger(OutputTopics.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;

  OutputTopics(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /** Topics that do not exist, or may not be seen; none when no broker says. */
  List<String> absent(List<Output> outputs) {
    Set<String> absent = new TreeSet<>();
    outputs.forEach(output -> absent.add(output.record().topic()));
    try {
      absent.removeAll(Uninterrupted.byStop(() -> consumer.listTopics(TIMEOUT)).keySet());
      return List.copyOf(absent);
    } catch (TimeoutException e) {
      LOG.info("cannot list the topics: {}", e.getMessage());
      return List.of();
    }
  }
}
