/**
 * What past predictions would have cost under other prices and thresholds. {@link
 * io.dimee.lab.whatif.CostReplay} computes that from the hops that each prediction recorded,
 * without a model. A prediction that would have gone deeper than it did cannot be followed, and is
 * counted and left out. Nothing is written to the cluster.
 */
package io.dimee.lab.whatif;
