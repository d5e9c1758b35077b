package io.dimee.topology;

import io.dimee.avro.TextEvent;
import io.dimee.inference.Backbone;
import io.dimee.inference.Bundle;
import io.dimee.inference.CostModel;
import io.dimee.inference.MeanEmbedding;
import io.dimee.inference.Prices;
import io.dimee.inference.RoutePlanner;
import io.dimee.inference.TextTokenizer;
import io.dimee.serdes.RecordFormats;
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

  CostModel costs() {
    return new CostModel(Prices.DEFAULT, bundle.manifest().tiers().cloud());
  }

  RoutePlanner planner() {
    return RoutePlanner.of(bundle, costs(), 2 * Backbone.ARCHITECTURE.hidden());
  }

  /** Creates the router; the tokenizer stays the caller's to close. */
  EventRouter of(TextTokenizer tokenizer, MeanEmbedding embedding, Policy policy) {
    return new EventRouter(
        topics,
        formats.of(TextEvent.class),
        bundle,
        tokenizer,
        embedding,
        policy,
        planner(),
        SpillSwitch.never());
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
