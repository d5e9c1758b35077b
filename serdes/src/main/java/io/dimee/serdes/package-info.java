/**
 * From records to bytes and back, and from a matrix in native memory to the bytes of a hidden state
 * and back.
 *
 * <p>An event passes here whenever it enters or leaves a topic: {@code io.dimee.client.send}
 * encodes it, {@code io.dimee.topology.router} and {@code io.dimee.topology.tier} decode and
 * encode, {@code io.dimee.client.outcomes} decodes what became of it. Read {@link
 * io.dimee.serdes.RecordFormats} first for records, {@link io.dimee.serdes.HiddenCodec} for hidden
 * states.
 *
 * <p>A producer asks the process's {@link io.dimee.serdes.RecordFormats} for the {@link
 * io.dimee.serdes.RecordFormat} of a record's type and gives it the record; the bytes go into Kafka
 * as they are. On the other side the same format turns the bytes into a record again, or throws
 * {@link io.dimee.serdes.UnreadableRecordException}, which makes the record a dead letter in router
 * and tiers, and which readers of outcomes skip with a warning. Which layout the bytes have is
 * known to the implementation of {@code RecordFormats} alone: {@link
 * io.dimee.serdes.SingleObjectFormats} writes Avro single-object encoding and needs nothing but the
 * array; {@link io.dimee.serdes.RegistryFormats} writes Confluent's wire format with a schema
 * registry.
 *
 * <p>A task that leaves a tier unanswered takes its hidden state along. The tier hands the output
 * buffer of its inference session to a {@link io.dimee.serdes.HiddenCodec}, which reads the task's
 * rows where they lie and allocates one array: the encoded bytes, held by the Avro record {@link
 * io.dimee.avro.HiddenState} inside the task. The next tier checks that record against the shape
 * that it expects, as the task's token ids and its own model tell it, and decodes it straight into
 * the task's place in the input buffer of the next batch. What is unsound throws {@link
 * io.dimee.serdes.CorruptHiddenStateException} before a single value is written, so that one bad
 * task does not spoil a batch.
 *
 * <p>Keys are no business of this package: they are the event's id in UTF-8, and a dead letter's is
 * that of the failed record where the id is not known. What records mean, and which topics there
 * are, is not known here either. Part of the public API.
 */
package io.dimee.serdes;
