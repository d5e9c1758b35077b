/** Benchmarks of the hidden-state codecs. */
package io.dimee.serdes;
