/**
 * The records that cross Kafka, generated from the schemas in {@code src/main/avro}. A {@link
 * io.dimee.avro.TextEvent} comes in, an {@link io.dimee.avro.InferenceTask} travels between tiers
 * with its {@link io.dimee.avro.HiddenState} and its {@link io.dimee.avro.Hop}s, a {@link
 * io.dimee.avro.Prediction} or a {@link io.dimee.avro.DeadLetter} comes out. A {@link
 * io.dimee.avro.LedgerEntry} adds predictions up, a {@link io.dimee.avro.Replay} notes that a dead
 * letter was sent again. Each schema reads what every committed version of it wrote. How records
 * become bytes is {@code io.dimee.serdes}'s. Part of the public API.
 */
package io.dimee.avro;
