package io.dimee.deploy.pipeline;

import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.routing.CostModel;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.routing.RoutePlanner;
import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.HiddenCodec;

/**
 * The model of this process, and how its tasks travel.
 *
 * @param threads cores that one tier's inference may use: batches that it computes at the same time
 * @param codec how hidden states are encoded between tiers
 */
public record ModelSource(
    Bundle bundle, FileCache cache, Prices prices, int threads, HiddenCodec codec) {
  /** The same with another number of threads a tier. */
  public ModelSource withThreads(int other) {
    return new ModelSource(bundle, cache, prices, other, codec);
  }

  /** Files of the bundle, assembled on first use. */
  ModelFiles files() {
    return new ModelFiles(bundle, cache);
  }

  /** Loads what a tier runs. One core a batch: cores then never wait for each other. */
  public EarlyExitModel load(Tier tier) {
    return EarlyExitModel.load(bundle, files(), bundle.manifest().tiers().of(tier), 1);
  }

  CostModel costs() {
    return new CostModel(prices, bundle.manifest().tiers().cloud());
  }

  RoutePlanner planner() {
    return RoutePlanner.of(bundle, costs(), codec.encodedSize(1, Backbone.ARCHITECTURE.hidden()));
  }
}
