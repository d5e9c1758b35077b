package io.dimee.topology.router;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.routing.MeanEmbedding;
import io.dimee.inference.routing.RoutePlanner;
import io.dimee.inference.tokenizer.TextTokenizer;

/**
 * What a router makes tasks with.
 *
 * @param tokenizer its owner's to close
 * @param planner where policy adaptive starts
 */
public record RouterModel(
    Bundle bundle, TextTokenizer tokenizer, MeanEmbedding embedding, RoutePlanner planner) {}
