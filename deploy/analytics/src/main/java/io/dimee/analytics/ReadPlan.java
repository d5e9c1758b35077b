package io.dimee.analytics;

import java.util.Map;
import java.util.TreeMap;

/**
 * What is missing of a topic.
 *
 * @param newer by partition, from where the cache ends; it may be kept piece by piece
 * @param older by partition, before what the cache holds; it must be kept as a whole, or the cache
 *     would have a gap
 */
record ReadPlan(Map<Integer, ReadRange> newer, Map<Integer, ReadRange> older) {
  /** Copies the maps. */
  ReadPlan {
    newer = Map.copyOf(newer);
    older = Map.copyOf(older);
  }

  /**
   * Compares a topic with the cache.
   *
   * @param cached by partition; those that were never read are absent
   */
  static ReadPlan of(TopicState topic, Map<Integer, ReadRange> cached) {
    Map<Integer, ReadRange> newer = new TreeMap<>();
    Map<Integer, ReadRange> older = new TreeMap<>();
    topic
        .ends()
        .forEach(
            (partition, end) -> {
              long start = topic.starts().get(partition);
              ReadRange range = cached.get(partition);
              long next = range == null ? start : range.next();
              if (next < end) {
                newer.put(partition, new ReadRange(next, end));
              }
              if (range != null && start < range.first()) {
                older.put(partition, new ReadRange(start, range.first()));
              }
            });
    return new ReadPlan(newer, older);
  }

  /** Whether the cache has it all. */
  boolean isEmpty() {
    return newer.isEmpty() && older.isEmpty();
  }

  /** Most records that are to be read; markers of transactions count too. */
  long size() {
    return size(newer) + size(older);
  }

  private static long size(Map<Integer, ReadRange> ranges) {
    return ranges.values().stream().mapToLong(range -> range.next() - range.first()).sum();
  }
}
