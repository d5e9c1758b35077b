/**
 * Step 3 of an event's way: from {@code dimee.events} to a tier's topic. Read {@link
 * io.dimee.topology.router.RouterTopology} first: a Kafka Streams topology of one processor.
 *
 * <p>For each record the processor asks the {@link io.dimee.topology.router.EventRouter}, which
 * decodes the {@link io.dimee.avro.TextEvent}, checks it, tokenizes its text ({@link
 * io.dimee.inference.tokenizer}), takes the mean of the tokens' embeddings ({@link
 * io.dimee.inference.routing}) and finds the nearest pool ({@link
 * io.dimee.inference.bundle.Pools}). The policy ({@link io.dimee.topology.routing}) chooses the
 * tier to start at; a {@link io.dimee.topology.routing.SpillSwitch} may move that from edge to
 * cloud. The result is an {@link io.dimee.avro.InferenceTask} at depth 0, which carries token ids
 * and no text, and it goes to {@code dimee.easy} (mobile), {@code dimee.medium} (edge) or {@code
 * dimee.hard} (cloud).
 *
 * <p>Where the bundle has an exit at depth 0 ({@link io.dimee.inference.words.WordsExit}), that is
 * asked first; what it is confident of becomes a {@link io.dimee.avro.Prediction} in {@code
 * dimee.predictions} instead.
 *
 * <p>Each record becomes one task, prediction or dead letter, so that no event stops the
 * application. Kafka Streams commits them and offsets together (exactly_once_v2), unless delivery
 * is at-least-once. No transformer layer runs here, and no state is kept. What the tiers answer is
 * not known here.
 *
 * <p>Next: {@link io.dimee.topology.worker} consumes the tier's topic.
 */
package io.dimee.topology.router;
