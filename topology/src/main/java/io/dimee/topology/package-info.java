/**
 * The pipeline's own logic on Kafka: the router, and the workers of the three tiers. This package
 * holds nothing but its sub-packages, and an event passes them in this order:
 *
 * <ol start="3">
 *   <li>{@link io.dimee.topology.router}: an event from {@code dimee.events} becomes a task for a
 *       tier;
 *   <li>{@link io.dimee.topology.worker}: a tier polls tasks, and has them computed;
 *   <li>{@link io.dimee.topology.tier}: what a tier computes, on {@link io.dimee.inference.exits};
 * </ol>
 *
 * <p>The outputs go back to {@code worker}, which writes them and commits. An unanswered task is
 * then polled by the next tier: step 4 again.
 *
 * <p>The others serve these. {@link io.dimee.topology.cluster} has the names of topics and all
 * Kafka settings, {@link io.dimee.topology.routing} the policies, {@link
 * io.dimee.topology.deadletters} what becomes of bad input, {@link io.dimee.topology.tracing} the
 * trace that goes along, {@link io.dimee.topology.clients} running Kafka Streams applications,
 * {@link io.dimee.topology.lifecycle} how things are closed. {@link io.dimee.topology.ledger} adds
 * up predictions after the fact. Nothing here knows the command line, HTTP, or how a process is put
 * together.
 */
package io.dimee.topology;
