/**
 * What operators ask of a process: {@link io.dimee.node.operations.Operations} answers {@code
 * /metrics} for Prometheus, and {@code /health/live} and {@code /health/ready} for whoever starts
 * and stops processes. {@code BrokerSilence} finds out that brokers have stopped answering, which
 * Kafka's clients keep to themselves. What the metrics count is decided where it happens, not here.
 */
package io.dimee.node.operations;
