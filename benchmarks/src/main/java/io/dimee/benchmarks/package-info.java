/**
 * JMH benchmarks of the router, and of what metrics and traces cost a batch. {@link
 * io.dimee.benchmarks.RouterBenchmark} is the one to read first. Nothing depends on this package.
 */
package io.dimee.benchmarks;
