package io.dimee.topology.tier;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.TextEvent;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.routing.CostModel;
import io.dimee.inference.routing.RoutePlanner;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.words.WordsExit;
import io.dimee.serdes.HiddenCodec;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.testing.SharedCache;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.router.EventRouter;
import io.dimee.topology.router.RouterModel;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.EventTracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** The bundle of the tiny encoder, with everything that tests make from it. */
public final class TestModel implements AutoCloseable {
  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static final Bundle WORDS = Bundle.open(Path.of("../testing/bundles/words"));

  public final Topics topics = new Topics("test.");
  public final RecordFormats formats = new SingleObjectFormats();
  public final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  public final MeterRegistry meters = new SimpleMeterRegistry();
  private final Map<Tier, TierMeters> tierMeters = new EnumMap<>(Tier.class);
  public final Bundle bundle = Bundle.open(Path.of("../testing/bundles/tiny"));
  final ModelFiles files;
  final TextTokenizer tokenizer = TextTokenizer.of(bundle);

  public TestModel() {
    this.files = new ModelFiles(bundle, new FileCache(SharedCache.FOLDER));
  }

  public SegmentSet load(Tier tier) {
    return SegmentSet.load(bundle, files, bundle.manifest().tiers().of(tier), 2);
  }

  public Wire wire() {
    return new Wire(topics, formats);
  }

  public EventRouter router(Policy policy) {
    return router(policy, SpillSwitch.never());
  }

  public EventRouter router(Policy policy, SpillSwitch spill) {
    return router(bundle, policy, spill);
  }

  private EventRouter router(Bundle bundle, Policy policy, SpillSwitch spill) {
    return new EventRouter(
        wire(),
        new RouterModel(
            bundle,
            tokenizer,
            files.meanEmbedding(),
            planner(Prices.DEFAULT),
            WordsExit.of(bundle),
            new CostModel(Prices.DEFAULT, bundle.manifest().tiers().cloud())),
        policy,
        spill,
        clock);
  }

  /**
   * A router of policy cascade, whose bundle says how many texts an event has.
   *
   * @param pair two or one, or null when it does not say
   * @param copy where the bundle is written
   */
  public EventRouter routerOfTexts(Boolean pair, Path copy) throws IOException {
    Bundle changed = changed(bundle, copy, manifest -> manifest.put("pair", pair));
    return router(changed, Policy.CASCADE, SpillSwitch.never());
  }

  private static Bundle changed(Bundle from, Path copy, Consumer<ObjectNode> change)
      throws IOException {
    Files.createDirectories(copy);
    for (String name : from.manifest().files().keySet()) {
      Files.copy(
          from.directory().resolve(name), copy.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    ObjectMapper json = new ObjectMapper();
    ObjectNode manifest =
        (ObjectNode) json.readTree(from.directory().resolve(Bundle.MANIFEST).toFile());
    change.accept(manifest);
    json.writeValue(copy.resolve(Bundle.MANIFEST).toFile(), manifest);
    return Bundle.open(copy);
  }

  /**
   * A router of the bundle that has an exit at depth 0, whose scores the others take in.
   *
   * @param copy where the bundle is written
   */
  public EventRouter routerWithStackedWords(Policy policy, Path copy) throws IOException {
    Bundle changed =
        changed(
            WORDS,
            copy,
            manifest -> ((ObjectNode) manifest.get("exits").get(1)).put("words_weight", 0.5));
    return router(changed, policy, SpillSwitch.never());
  }

  /** A router of the bundle that has an exit at depth 0. */
  public EventRouter routerWithWords(Policy policy) {
    return router(WORDS, policy, SpillSwitch.never());
  }

  RoutePlanner planner(Prices prices) {
    return RoutePlanner.of(
        bundle,
        new CostModel(prices, bundle.manifest().tiers().cloud()),
        2 * bundle.manifest().encoder().hidden());
  }

  public TaskProcessor processor(Tier tier, SegmentSet segments, HiddenCodec codec) {
    return processor(tier, segments, codec, Prices.DEFAULT, SpillSwitch.never());
  }

  public TaskProcessor processor(
      Tier tier, SegmentSet segments, HiddenCodec codec, Prices prices, SpillSwitch spill) {
    return processor(tier, segments, codec, prices, spill, EventTracer.off());
  }

  public TaskProcessor processor(
      Tier tier,
      SegmentSet segments,
      HiddenCodec codec,
      Prices prices,
      SpillSwitch spill,
      EventTracer tracer) {
    return new TaskProcessor(
        tier,
        new TierModel(
            bundle.manifest(),
            bundle.modelId(),
            segments.model(),
            new CostModel(prices, bundle.manifest().tiers().cloud()),
            planner(prices),
            codec),
        wire(),
        spill,
        tierMeters.computeIfAbsent(tier, each -> new TierMeters(meters, each)),
        tracer,
        clock);
  }

  /** A switch of an edge that is behind. */
  public SpillSwitch spilling() {
    SpillSwitch spill = new SpillSwitch(1, clock);
    spill.observe(1);
    return spill;
  }

  public byte[] event(String id, String text, String label) {
    return event(
        TextEvent.newBuilder()
            .setId(id)
            .setText(text)
            .setLabel(label)
            .setAttributes(Map.of("source", "test")));
  }

  /** Encodes an event, with an id and a text where it has none. */
  public byte[] event(TextEvent.Builder event) {
    if (!event.hasId()) {
      event.setId("e1");
    }
    if (!event.hasText()) {
      event.setText("a fine film");
    }
    return formats.of(TextEvent.class).encode(topics.events(), event.setCreatedAt(NOW).build());
  }

  public InferenceTask task(String id, String text, Policy policy) {
    return ((EventRouter.Routed) router(policy).route(event(id, text, null))).task();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
