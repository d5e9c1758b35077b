package io.dimee.node.stages;

import java.util.concurrent.CompletableFuture;

/** A running part of the pipeline. */
public interface Stage extends AutoCloseable {
  /** Begins to read. */
  void start();

  /** Completes when the part has ended; exceptionally when it failed. */
  CompletableFuture<Void> ended();

  /** How the part is; to be asked by any thread. */
  Health health();

  /** Ends after the work in hand and frees what the part owns. */
  @Override
  void close();
}
