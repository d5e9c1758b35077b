package io.dimee.topology.cluster;

import io.dimee.serdes.RecordFormats;

/**
 * A pipeline on a cluster, as each of its parts meets it: how clients reach it, what its topics are
 * called, and how their records are written. The formats stay their owner's to close.
 */
public record Connection(KafkaSettings settings, Topics topics, RecordFormats formats) {
  /** For what makes no clients. */
  public Wire wire() {
    return new Wire(topics, formats);
  }
}
