/**
 * Step 4 of an event's way: the loop of a tier. Read {@link io.dimee.topology.worker.TierWorker}
 * first.
 *
 * <p>A TierWorker polls its tier's topic and has a {@link io.dimee.topology.worker.BatchProcessor}
 * compute the records in a {@code BatchThread}, while the worker's own stays in the consumer group.
 * For each record comes back an {@link io.dimee.topology.worker.Output}: a prediction, a task for
 * the next tier, or a dead letter. {@code TransactionalWriter} writes them and the offsets in one
 * transaction ({@code PlainWriter} without one, for delivery at-least-once). Failures are told
 * apart by {@code WriteFailure}: partitions that moved, a record too large (computed again, as a
 * dead letter), a topic that is absent, an answer that did not come, what may simply be tried
 * again, and what cannot be mended.
 *
 * <p>A poll is a batch is a transaction: for readers of committed records, outcomes and offsets
 * become visible together or not at all. A commit that is not answered is asked about before
 * anything is written again. The package knows no model, and does not look into the records: that
 * is {@link io.dimee.topology.tier}, whose TaskProcessor is the BatchProcessor.
 *
 * <p>Next: {@link io.dimee.topology.tier} computes the batch. Once that is written, a prediction is
 * at its end, and {@code io.dimee.client.outcomes} reads it; a task is polled by the worker of the
 * next tier, here again.
 */
package io.dimee.topology.worker;
