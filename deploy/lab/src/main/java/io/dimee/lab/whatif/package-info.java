/**
 * What past predictions would have cost under other prices and thresholds. {@link
 * io.dimee.lab.whatif.WhatIfCosts} computes that from the hops that each prediction recorded,
 * without a model; a {@link io.dimee.lab.whatif.WhatIfRun} takes them from a file or a topic
 * ({@link io.dimee.lab.whatif.PastPredictions}) and sees that they are of one model. A prediction
 * that would have gone deeper than it did cannot be followed, and is counted and left out. Nothing
 * is written to the cluster.
 */
package io.dimee.lab.whatif;
