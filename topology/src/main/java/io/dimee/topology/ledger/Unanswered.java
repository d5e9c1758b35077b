package io.dimee.topology.ledger;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Events without an outcome: of a part, or of several together.
 *
 * @param open all of them
 * @param overdue those that have had long enough
 * @param oldest time of the oldest record of an open event; empty when none is open
 * @param first the oldest that are overdue, {@value #LISTED} at most
 */
public record Unanswered(long open, long overdue, Optional<Instant> oldest, List<Event> first) {
  /** None. */
  public static final Unanswered NONE = new Unanswered(0, 0, Optional.empty(), List.of());

  private static final int LISTED = 20;

  /** Makes the list immutable. */
  public Unanswered {
    first = List.copyOf(first);
  }

  /**
   * An event without an outcome.
   *
   * @param id the event's id, its head where that is long
   * @param written time of its record
   */
  public record Event(String id, Instant written) implements Comparable<Event> {
    private static final Comparator<Event> OLDEST_FIRST =
        Comparator.comparing(Event::written).thenComparing(Event::id);

    @Override
    public int compareTo(Event other) {
      return OLDEST_FIRST.compare(this, other);
    }
  }

  /**
   * Counts what a store holds.
   *
   * @param store when each event was read, in epoch milliseconds, with the time of its record
   * @param readBefore an event that was read before then is overdue
   */
  static Unanswered of(
      ReadOnlyKeyValueStore<String, ValueAndTimestamp<Long>> store, Instant readBefore) {
    long open = 0;
    long overdue = 0;
    long oldest = Long.MAX_VALUE;
    TreeSet<Event> first = new TreeSet<>();
    try (KeyValueIterator<String, ValueAndTimestamp<Long>> events = store.all()) {
      while (events.hasNext()) {
        KeyValue<String, ValueAndTimestamp<Long>> event = events.next();
        open++;
        oldest = Math.min(oldest, event.value.timestamp());
        if (event.value.value() < readBefore.toEpochMilli()) {
          overdue++;
          first.add(new Event(event.key, Instant.ofEpochMilli(event.value.timestamp())));
          if (first.size() > LISTED) {
            first.pollLast();
          }
        }
      }
    }
    return new Unanswered(
        open,
        overdue,
        open == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(oldest)),
        List.copyOf(first));
  }

  /** Those of two parts together. */
  public Unanswered plus(Unanswered other) {
    return new Unanswered(
        open + other.open,
        overdue + other.overdue,
        Stream.of(oldest, other.oldest).flatMap(Optional::stream).min(Comparator.naturalOrder()),
        Stream.of(first, other.first).flatMap(List::stream).sorted().limit(LISTED).toList());
  }
}
