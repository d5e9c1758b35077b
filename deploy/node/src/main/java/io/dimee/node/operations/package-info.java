/**
 * What operators ask of a process: {@link io.dimee.node.operations.Operations} answers /metrics for
 * Prometheus, and /health/live and /health/ready for whoever starts and stops processes.
 */
package io.dimee.node.operations;
