/**
 * Step 5 of an event's way: what a tier does with a batch of tasks. Read {@link
 * io.dimee.topology.tier.TaskProcessor} first.
 *
 * <p>A {@code TaskReader} decodes each {@link io.dimee.avro.InferenceTask} into {@link
 * io.dimee.inference.exits.Work}, at the depth that an earlier tier reached. {@link
 * io.dimee.inference.exits.EarlyExitModel} runs all works of the batch together; hidden states are
 * read from the tasks, and written into new ones, by {@link io.dimee.serdes.HiddenCodec}. A work
 * that an exit answered becomes a {@link io.dimee.avro.Prediction}, an unfinished one a task for
 * the next tier, with its hidden state, or from depth 0 where the planner finds that cheaper, and
 * for the cloud in place of an edge that is behind; a failed one a {@link
 * io.dimee.avro.DeadLetter}. {@code HopAccount} adds this tier's hop: layers, exits, time, bytes,
 * cost. A {@link io.dimee.topology.tier.ModelDispatcher} stands in front while two models are
 * rolled out.
 *
 * <p>Each record becomes exactly one output, and a bad one spoils no other of its batch. No Kafka
 * client is used here: polling, writing and committing are {@link io.dimee.topology.worker}'s.
 *
 * <p>Next: {@link io.dimee.inference.exits} runs the layers. Then the outputs go back to {@link
 * io.dimee.topology.worker}, which writes predictions to {@code dimee.predictions}, where {@code
 * io.dimee.client.outcomes} reads them, and tasks to the next tier's topic.
 */
package io.dimee.topology.tier;
