/** Benchmarks of the router. */
package io.dimee.benchmarks;
