/**
 * The ledger as a process: {@link io.dimee.node.ledger.LedgerStage} runs the topology, {@link
 * io.dimee.node.ledger.UnansweredStage} that of events without an outcome, {@link
 * io.dimee.node.ledger.LedgerServer} answers for the stores over HTTP, asking the other instances
 * for their parts (KIP-67), and {@link io.dimee.node.ledger.DriftMeter} makes metrics of it.
 */
package io.dimee.node.ledger;
