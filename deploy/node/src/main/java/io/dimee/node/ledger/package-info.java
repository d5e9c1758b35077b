/**
 * The ledger as a process. {@link io.dimee.node.ledger.LedgerStage} runs the topology of {@link
 * io.dimee.topology.ledger}, {@link io.dimee.node.ledger.UnansweredStage} that of events without an
 * outcome. Read LedgerStage first. {@link io.dimee.node.ledger.LedgerServer} answers for the stores
 * over HTTP, asking the other instances for their parts (KIP-67), and {@link
 * io.dimee.node.ledger.DriftMeter} makes metrics of drift. How entries are added up is not decided
 * here.
 */
package io.dimee.node.ledger;
