/**
 * The ledger as a process. {@link io.dimee.node.ledger.LedgerStage} runs the topology of {@link
 * io.dimee.topology.ledger}; read it first. {@link io.dimee.node.ledger.LedgerServer} answers over
 * HTTP, asking the other instances for their parts of the store (KIP-67), and {@link
 * io.dimee.node.ledger.DriftMeter} makes metrics of it. How entries are added up is not decided
 * here.
 */
package io.dimee.node.ledger;
