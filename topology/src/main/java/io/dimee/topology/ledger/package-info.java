/**
 * The cost ledger, and what is read off it.
 *
 * <p>dimee.predictions -> {@link io.dimee.topology.ledger.LedgerTopology}: each prediction becomes
 * an entry of its minute, tier, pool, policy and model ({@link
 * io.dimee.topology.ledger.LedgerSums}); entries that agree in these are brought together and added
 * up -> dimee.ledger, and a store that can be asked. {@link io.dimee.topology.ledger.DriftMonitor}
 * compares sums of entries with a bundle's calibration reference.
 *
 * <p>dimee.events, dimee.predictions, dimee.dead-letters -> {@link
 * io.dimee.topology.ledger.UnansweredTopology}: ids of events and of outcomes are brought together
 * -> a store of the events that have no outcome, which can be asked.
 *
 * <p>Invariants: a prediction is in exactly one entry, once, however often the application fails;
 * entries of any sets of predictions add up to the entry of all of them, in any order. Critical
 * file: LedgerTopology.
 */
package io.dimee.topology.ledger;
