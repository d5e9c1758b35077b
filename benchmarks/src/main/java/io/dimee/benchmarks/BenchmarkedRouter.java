package io.dimee.benchmarks;

import io.dimee.avro.TextEvent;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.routing.CostModel;
import io.dimee.inference.routing.MeanEmbedding;
import io.dimee.inference.routing.RoutePlanner;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.words.WordsExit;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.router.EventRouter;
import io.dimee.topology.router.RouterModel;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/** A router of one bundle, at default prices, and events for it. */
final class BenchmarkedRouter {
  private final Bundle bundle;
  private final Topics topics;
  private final RecordFormats formats;

  BenchmarkedRouter(Bundle bundle, Topics topics, RecordFormats formats) {
    this.bundle = bundle;
    this.topics = topics;
    this.formats = formats;
  }

  Wire wire() {
    return new Wire(topics, formats);
  }

  CostModel costs() {
    return new CostModel(Prices.DEFAULT, bundle.manifest().tiers().cloud());
  }

  RoutePlanner planner() {
    return RoutePlanner.of(bundle, costs(), 2 * bundle.manifest().encoder().hidden());
  }

  /** Creates the router; the tokenizer stays the caller's to close. */
  EventRouter of(TextTokenizer tokenizer, MeanEmbedding embedding, Policy policy) {
    return new EventRouter(
        wire(),
        new RouterModel(bundle, tokenizer, embedding, planner(), WordsExit.of(bundle), costs()),
        policy,
        SpillSwitch.never(),
        Clock.systemUTC());
  }

  byte[] event(String id, String text) {
    return formats
        .of(TextEvent.class)
        .encode(
            topics.events(),
            TextEvent.newBuilder()
                .setId(id)
                .setText(text)
                .setTextPair(null)
                .setLabel(null)
                .setCreatedAt(Instant.EPOCH)
                .setAttributes(Map.of())
                .build());
  }
}
