/**
 * Router and tier workers. Events pass an EventRouter, inside the RouterTopology, and become tasks
 * in the topic of a tier; a TierWorker polls them, its TaskProcessor reads (TaskReader), runs and
 * accounts for them (HopAccount), and writes predictions, tasks for the next tier, or DeadLetters,
 * in the transaction that commits the offsets. What happens to each event is a span (RouterSpans,
 * TierSpans) of the trace that travels in the records' headers.
 */
package io.dimee.topology;
