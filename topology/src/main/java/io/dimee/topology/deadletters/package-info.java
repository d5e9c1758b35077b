/**
 * What becomes of input that cannot be processed. Router and tiers throw a {@link
 * io.dimee.topology.deadletters.Rejection}, a producer names the reason directly; read {@link
 * io.dimee.topology.deadletters.DeadLetters} first, which makes a {@link io.dimee.avro.DeadLetter}
 * of it: the reason, the place of the record ({@link io.dimee.topology.deadletters.Origin}) and,
 * unless text is withheld, the head of its bytes. A letter has a bounded size, whatever the record
 * has. The caller sends it, in its transaction where it has one; listing and replaying are {@code
 * io.dimee.client.deadletters}'s.
 */
package io.dimee.topology.deadletters;
