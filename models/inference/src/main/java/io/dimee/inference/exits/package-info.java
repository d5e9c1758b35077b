/**
 * Step 6 of an event's way: layers, and the exits between them. Read {@link
 * io.dimee.inference.exits.EarlyExitModel} first.
 *
 * <p>A {@link io.dimee.inference.exits.Work} is one event's tokens, the depth that it has reached
 * and how to read its hidden state. For each segment in turn, EarlyExitModel takes the works that
 * have arrived at its beginning, lets a {@link io.dimee.inference.exits.BatchPlanner} cut them into
 * batches of like length, runs them through {@link io.dimee.inference.onnx} and asks the exit
 * ({@link io.dimee.inference.bundle.Exit}) about each. Those that it does not answer are regrouped
 * for the next segment. Exits before a work's {@code minExitDepth} are not asked, and the one at
 * its {@code maxExitDepth} always answers. The {@link io.dimee.inference.exits.Outcome} is an
 * answer, a hidden state for whoever has deeper layers, or a failure of this work alone.
 *
 * <p>In fp32 an answer does not depend on the batch, nor on where the layers were cut. A {@link
 * io.dimee.inference.exits.SegmentSet} loads the segments once, owns them, and gives each thread a
 * model of its own on the same weights. How a hidden state travels is not known here: it is read
 * and written through {@link io.dimee.inference.exits.HiddenStateReader} and {@link
 * io.dimee.inference.exits.HiddenStateWriter}, behind which a tier has {@code
 * io.dimee.serdes.HiddenCodec}.
 *
 * <p>Next: {@code io.dimee.topology.tier} turns the outcome into a record. Part of the public API.
 */
package io.dimee.inference.exits;
