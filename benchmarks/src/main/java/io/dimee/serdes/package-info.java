/**
 * JMH benchmarks of the hidden-state codecs, in the codecs' own package since they reach what is
 * not public.
 */
package io.dimee.serdes;
