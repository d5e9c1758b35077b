package io.dimee.topology;

import io.dimee.avro.InferenceTask;
import io.dimee.avro.TextEvent;
import io.dimee.inference.Backbone;
import io.dimee.inference.Bundle;
import io.dimee.inference.CostModel;
import io.dimee.inference.EarlyExitModel;
import io.dimee.inference.FileCache;
import io.dimee.inference.ModelFiles;
import io.dimee.inference.Prices;
import io.dimee.inference.RoutePlanner;
import io.dimee.inference.TextTokenizer;
import io.dimee.inference.Tier;
import io.dimee.serdes.HiddenCodec;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.tracing.EventTracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** The committed SST-2 bundle, with everything that tests make from it. */
final class TestModel implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  final Topics topics = new Topics("test.");
  final RecordFormats formats = new SingleObjectFormats();
  final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  final MeterRegistry meters = new SimpleMeterRegistry();
  final Bundle bundle = Bundle.open(Path.of("../models/bundles/sst2"));
  final ModelFiles files;
  final TextTokenizer tokenizer = TextTokenizer.of(bundle);

  TestModel(Path cache) {
    this.files = new ModelFiles(bundle, new FileCache(cache));
  }

  EarlyExitModel load(Tier tier) {
    return EarlyExitModel.load(bundle, files, bundle.manifest().tiers().of(tier), 2);
  }

  EventRouter router(Policy policy) {
    return router(policy, SpillSwitch.never());
  }

  EventRouter router(Policy policy, SpillSwitch spill) {
    return new EventRouter(
        topics,
        formats.of(TextEvent.class),
        bundle,
        tokenizer,
        files.meanEmbedding(),
        policy,
        planner(Prices.DEFAULT),
        spill);
  }

  RoutePlanner planner(Prices prices) {
    return RoutePlanner.of(
        bundle,
        new CostModel(prices, bundle.manifest().tiers().cloud()),
        2 * Backbone.ARCHITECTURE.hidden());
  }

  TaskProcessor processor(Tier tier, EarlyExitModel model, HiddenCodec codec) {
    return processor(tier, model, codec, Prices.DEFAULT, SpillSwitch.never());
  }

  TaskProcessor processor(
      Tier tier, EarlyExitModel model, HiddenCodec codec, Prices prices, SpillSwitch spill) {
    return processor(tier, model, codec, prices, spill, EventTracer.off());
  }

  TaskProcessor processor(
      Tier tier,
      EarlyExitModel model,
      HiddenCodec codec,
      Prices prices,
      SpillSwitch spill,
      EventTracer tracer) {
    return new TaskProcessor(
        tier,
        topics,
        bundle.manifest(),
        bundle.modelId(),
        model,
        new CostModel(prices, bundle.manifest().tiers().cloud()),
        planner(prices),
        codec,
        spill,
        formats,
        new TierMeters(meters, tier),
        tracer,
        clock);
  }

  /** A switch of an edge that is behind. */
  SpillSwitch spilling() {
    SpillSwitch spill = new SpillSwitch(1, clock);
    spill.observe(1);
    return spill;
  }

  byte[] event(String id, String text, String label) {
    return formats
        .of(TextEvent.class)
        .encode(
            topics.events(),
            TextEvent.newBuilder()
                .setId(id)
                .setText(text)
                .setLabel(label)
                .setCreatedAt(NOW)
                .setAttributes(Map.of("source", "test"))
                .build());
  }

  InferenceTask task(String id, String text, Policy policy) {
    return router(policy).route(event(id, text, null)).task();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
