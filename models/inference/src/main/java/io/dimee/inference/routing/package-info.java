/**
 * Where a text should start, and what its way costs. {@link
 * io.dimee.inference.routing.MeanEmbedding} is the router's feature, the mean of a text's token
 * embeddings, which needs no transformer layer. {@link io.dimee.inference.routing.CostModel} prices
 * layers, exits and transport; {@link io.dimee.inference.routing.RoutePlanner} chooses the start,
 * and the next tier, of least expected cost. Routing changes what an answer costs and never the
 * answer. Topics and records are not known here.
 */
package io.dimee.inference.routing;
