package io.dimee.topology.tier;

import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.routing.CostModel;
import io.dimee.inference.routing.RoutePlanner;
import io.dimee.serdes.HiddenCodec;

/**
 * What a tier answers the tasks of one model with.
 *
 * @param modelId bundle name @ content hash
 * @param model as deep as the tier; its owner's to close
 * @param planner which tier is next under policy adaptive
 * @param codec how hidden states are encoded for the next tier
 */
public record TierModel(
    BundleManifest manifest,
    String modelId,
    EarlyExitModel model,
    CostModel costs,
    RoutePlanner planner,
    HiddenCodec codec) {}
