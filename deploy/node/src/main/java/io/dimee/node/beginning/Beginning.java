package io.dimee.node.beginning;

import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.TopicOffsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a part begins whose group has committed nothing in the topic that it reads, and
 * commits that. Brokers forget the offsets of a group that has been away for long; a part that then
 * began at the earliest record would do again what it has done. Owns its client.
 */
public final class Beginning implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Beginning.class);

  /** Brokers take records whose time is so much ahead of theirs. */
  private static final Duration CLOCKS = Duration.ofHours(1);

  private final From from;
  private final TopicOffsets offsets;
  private final Traces traces;

  /**
   * Connects when it is asked first.
   *
   * @param from what the user says
   */
  public Beginning(Connection connection, From from) {
    this.from = from;
    this.offsets = new TopicOffsets(connection.settings());
    this.traces = new Traces(connection, offsets);
  }

  /**
   * Settles where a part begins, before it is started. One that goes on where it was, or whose
   * group has others, is left as it is.
   *
   * @return what the user says, if it counts
   * @throws ConfigurationException when the part may have worked before, and the user does not say
   */
  public Optional<From> settle(Part part) throws InterruptedException {
    Waiting waiting = Waiting.of(offsets, part.topic());
    if (isUnderWay(part, waiting.partitions())) {
      return Optional.empty();
    }
    switch (from) {
      case COMMITTED -> {
        requireNoTrace(part, waiting);
        commit(part, first(part, waiting));
        return Optional.empty();
      }
      case EARLIEST -> commit(part, earliest(part, waiting));
      case LATEST -> {
        if (waiting.records() > 0) {
          LOG.warn(
              "{} begins with what comes from now on: up to {} records of {} are left out",
              part.name(),
              waiting.records(),
              part.topic());
        }
        commit(part, ends(part, waiting));
      }
    }
    return Optional.of(from);
  }

  /** Records that a topic holds. */
  private record Waiting(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
    static Waiting of(TopicOffsets offsets, String topic) throws InterruptedException {
      Set<TopicPartition> partitions = offsets.partitions(topic);
      return new Waiting(offsets.begins(partitions), offsets.ends(partitions));
    }

    Set<TopicPartition> partitions() {
      return begins.keySet();
    }

    long records() {
      return begins.entrySet().stream()
          .mapToLong(begin -> ends.get(begin.getKey()) - begin.getValue())
          .sum();
    }
  }

  private boolean isUnderWay(Part part, Set<TopicPartition> partitions)
      throws InterruptedException {
    return !offsets.settled(part.group(), partitions).isEmpty() || offsets.hasMembers(part.group());
  }

  /**
   * What the group has read, it has written of since. So what it wrote before the oldest record
   * that waits is no reason: that one is new to it.
   */
  private void requireNoTrace(Part part, Waiting waiting) throws InterruptedException {
    if (waiting.records() == 0) {
      return;
    }
    Instant oldest = offsets.oldest(waiting.partitions()).orElse(Instant.EPOCH);
    Optional<String> trace = trace(part, since(oldest), waiting);
    // whoever wrote it may be a worker that has come meanwhile
    if (trace.isPresent() && !isUnderWay(part, waiting.partitions())) {
      throw new ConfigurationException(
          "from=committed: group %s has no offsets for %s, and %s shows that it has read some of it already; %s"
              .formatted(part.group(), part.topic(), trace.get(), valid(waiting)));
    }
  }

  private Optional<String> trace(Part part, Instant since, Waiting waiting)
      throws InterruptedException {
    LOG.info(
        "group {} has no offsets for {}: looking for what it has done since {}",
        part.group(),
        part.topic(),
        since);
    try {
      return traces.since(part, since);
    } catch (TopicAuthorizationException e) {
      throw new ConfigurationException(
          "from=committed: group %s has no offsets for %s, and %s may not be read to see whether it has worked before; %s, or the right to read"
              .formatted(
                  part.group(),
                  part.topic(),
                  String.join(", ", e.unauthorizedTopics()),
                  valid(waiting)),
          e);
    }
  }

  private static String valid(Waiting waiting) {
    return "valid: --from earliest (all of it, again), --from latest (what comes from now on, without up to %d records that wait)"
        .formatted(waiting.records());
  }

  /**
   * The earliest record; but the very first one for a tier that has never worked: what was removed
   * of its tasks has no outcome then, and the tier will tell.
   */
  private Map<TopicPartition, Long> first(Part part, Waiting waiting) throws InterruptedException {
    boolean isCut = waiting.begins.values().stream().anyMatch(begin -> begin > 0);
    if (isCut && part.tier().isPresent() && trace(part, Instant.EPOCH, waiting).isEmpty()) {
      Map<TopicPartition, Long> zeros = new HashMap<>(waiting.begins);
      zeros.replaceAll((partition, begin) -> 0L);
      return zeros;
    }
    return waiting.begins;
  }

  /** What is read beside is about records of the topic, and newer than they are. */
  private Map<TopicPartition, Long> earliest(Part part, Waiting waiting)
      throws InterruptedException {
    Map<TopicPartition, Long> begins = new HashMap<>(waiting.begins);
    Optional<Instant> oldest = offsets.oldest(waiting.partitions());
    for (String beside : part.beside()) {
      Set<TopicPartition> partitions = offsets.partitions(beside);
      begins.putAll(
          oldest.isPresent()
              ? offsets.since(partitions, since(oldest.get()))
              : offsets.ends(partitions));
    }
    return begins;
  }

  private static Instant since(Instant oldest) {
    Instant since = oldest.minus(CLOCKS);
    return since.isBefore(Instant.EPOCH) ? Instant.EPOCH : since;
  }

  private Map<TopicPartition, Long> ends(Part part, Waiting waiting) throws InterruptedException {
    Map<TopicPartition, Long> ends = new HashMap<>(waiting.ends);
    for (String other : Stream.concat(part.own().stream(), part.beside().stream()).toList()) {
      ends.putAll(offsets.ends(offsets.partitions(other)));
    }
    return ends;
  }

  /** Several workers may start at once: what the first has committed is left as it is. */
  private void commit(Part part, Map<TopicPartition, Long> begin) throws InterruptedException {
    if (begin.isEmpty() || isUnderWay(part, begin.keySet())) {
      return;
    }
    try {
      offsets.commit(part.group(), begin);
    } catch (UnknownMemberIdException e) {
      LOG.info("group {} has members by now, and begins where they do", part.group());
    }
  }

  @Override
  public void close() {
    offsets.close();
  }
}
