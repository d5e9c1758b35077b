/**
 * The last step of an event's way: from the topics of outcomes to the user. An outcome is a
 * prediction or a dead letter. Read {@link io.dimee.client.outcomes.OutcomeReader} first.
 *
 * <p>OutcomeReader polls {@code dimee.predictions} and {@code dimee.dead-letters} with a consumer
 * that sees committed records only; an {@link io.dimee.client.outcomes.OutcomeDecoder} turns each
 * record into a {@link io.dimee.avro.Prediction} or a {@link io.dimee.avro.DeadLetter}, and passes
 * over, with a warning, what is neither. A {@link io.dimee.client.outcomes.PartitionWatch} keeps
 * the reader on all partitions, also on those that are added later. {@link
 * io.dimee.client.outcomes.TopicSnapshot} reads what topics hold at one moment instead, by way of a
 * {@link io.dimee.client.outcomes.RangeReader}. {@link io.dimee.client.outcomes.PredictionJson} and
 * {@link io.dimee.client.outcomes.SummaryBuilder} are what commands show; {@link
 * io.dimee.client.outcomes.PredictionFields} names the fields for all who write a prediction.
 *
 * <p>Readers belong to no consumer group and commit nothing: however many there are, the pipeline
 * does not notice them. Whether an event is still to be answered is not known here; the sender's
 * {@link io.dimee.client.send.Outstanding} compares. Here the way of an event ends; a dead letter
 * may go round again through {@link io.dimee.client.deadletters}.
 */
package io.dimee.client.outcomes;
