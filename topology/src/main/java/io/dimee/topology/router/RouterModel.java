package io.dimee.topology.router;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.routing.CostModel;
import io.dimee.inference.routing.MeanEmbedding;
import io.dimee.inference.routing.RoutePlanner;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.words.WordsExit;
import java.util.Optional;

/**
 * What a router makes tasks with.
 *
 * @param tokenizer its owner's to close
 * @param planner where policy adaptive starts
 * @param words the exit at depth 0; empty where the bundle has none
 * @param costs prices of what it answers
 */
public record RouterModel(
    Bundle bundle,
    TextTokenizer tokenizer,
    MeanEmbedding embedding,
    RoutePlanner planner,
    Optional<WordsExit> words,
    CostModel costs) {}
