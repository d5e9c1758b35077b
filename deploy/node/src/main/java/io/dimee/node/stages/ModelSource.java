package io.dimee.node.stages;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.routing.CostModel;
import io.dimee.inference.routing.RoutePlanner;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.words.WordsExit;
import io.dimee.serdes.HiddenCodec;
import io.dimee.topology.router.RouterModel;
import io.dimee.topology.tier.TierModel;

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
  public SegmentSet load(Tier tier) {
    return SegmentSet.load(bundle, files(), bundle.manifest().tiers().of(tier), 1);
  }

  /**
   * What one thread of a tier answers with.
   *
   * @param segments of this source, at least as deep as the tier
   */
  TierModel tierModel(Tier tier, SegmentSet segments) {
    EarlyExitModel model = segments.model(bundle.manifest().tiers().of(tier));
    return new TierModel(bundle.manifest(), bundle.modelId(), model, costs(), planner(), codec);
  }

  /**
   * What the router makes tasks with.
   *
   * @param tokenizer the caller's to close
   */
  RouterModel routerModel(TextTokenizer tokenizer) {
    return new RouterModel(
        bundle, tokenizer, files().meanEmbedding(), planner(), WordsExit.of(bundle), costs());
  }

  private CostModel costs() {
    return new CostModel(prices, bundle.manifest().tiers().cloud());
  }

  private RoutePlanner planner() {
    return RoutePlanner.of(
        bundle, costs(), codec.encodedSize(1, bundle.manifest().encoder().hidden()));
  }
}
