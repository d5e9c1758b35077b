/**
 * What becomes of input that cannot be processed. Whoever finds that out throws a {@link
 * io.dimee.topology.deadletters.Rejection}; read {@link io.dimee.topology.deadletters.DeadLetters}
 * first, which makes a {@link io.dimee.avro.DeadLetter} of it: the reason, the place of the record
 * ({@link io.dimee.topology.deadletters.Origin}) and the head of its bytes. A letter has a bounded
 * size, whatever the record has. The caller sends it, as part of its own transaction; listing and
 * replaying are {@code io.dimee.client.deadletters}'s.
 */
package io.dimee.topology.deadletters;
