/**
 * Dead letters after the fact. Read {@link io.dimee.client.deadletters.DeadLetterBox} first: it
 * reads the dead-letter topic together with the notes of earlier replays. A {@link
 * io.dimee.client.deadletters.DeadLetterFilter} picks some, and a {@link
 * io.dimee.client.deadletters.DeadLetterReplay} sends their records again, to the topics that they
 * came from.
 *
 * <p>A record is sent in one transaction with the note that it was, and a replay fences all others:
 * however often replays run, fail or overlap, each dead letter's record is sent again once. Only
 * events and tasks are sent again, and only while their topics still hold them. Whether they can be
 * answered this time is for the router and the tiers to say: a replayed event takes its way again
 * from {@link io.dimee.topology.router}, a task from {@link io.dimee.topology.worker}.
 */
package io.dimee.client.deadletters;
