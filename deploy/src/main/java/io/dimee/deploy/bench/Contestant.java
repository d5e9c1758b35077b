package io.dimee.deploy.bench;

import io.dimee.topology.cluster.Topics;

/** Something that reads events and writes an answer to each of them, exactly once. */
interface Contestant extends AutoCloseable {
  /** What it is called in results. */
  String name();

  /** Its own topics. */
  Topics topics();

  /** Class that an answer names. */
  int label(byte[] answer);

  /** Rethrows what stopped it, if anything did. */
  void throwIfFailed();

  @Override
  void close();
}
