package io.dimee.analytics;

import java.util.Map;

/**
 * A topic as it is now.
 *
 * @param name its name
 * @param id Kafka's, another one when the topic is deleted and made again
 * @param starts where reading begins in each partition; 0 for the partition's beginning
 * @param ends where what is committed ends in each partition, exclusive
 */
record TopicState(String name, String id, Map<Integer, Long> starts, Map<Integer, Long> ends) {
  /** Copies the maps. */
  TopicState {
    starts = Map.copyOf(starts);
    ends = Map.copyOf(ends);
  }
}
