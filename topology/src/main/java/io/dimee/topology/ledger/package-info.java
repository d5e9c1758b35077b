/**
 * The cost ledger, and what is read off it: a side road that an event takes after its prediction is
 * written. Read {@link io.dimee.topology.ledger.LedgerTopology} first.
 *
 * <p>{@code dimee.predictions} is read by LedgerTopology, where each prediction becomes an entry of
 * its minute, tier, pool, policy and model ({@link io.dimee.topology.ledger.LedgerSums}). Entries
 * that agree in these are added up, written to {@code dimee.ledger}, and kept in a store that can
 * be asked. {@link io.dimee.topology.ledger.DriftMonitor} compares sums of entries with a bundle's
 * calibration reference.
 *
 * <p>Beside it, {@link io.dimee.topology.ledger.UnansweredTopology} brings the ids of events and of
 * outcomes together, from {@code dimee.events}, {@code dimee.predictions} and {@code
 * dimee.dead-letters}, into a store of the events that have no outcome yet.
 *
 * <p>A prediction is in exactly one entry, once, however often the application fails; entries of
 * any sets of predictions add up to the entry of all of them, in any order. Nothing here has an
 * effect on an answer. HTTP is {@code io.dimee.node.ledger}'s.
 */
package io.dimee.topology.ledger;
