package io.dimee.topology.router;

import io.dimee.avro.Hop;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.TextEvent;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.Pool;
import io.dimee.inference.bundle.Pools;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.routing.MeanEmbedding;
import io.dimee.inference.routing.RoutePlanner;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.inference.words.WordsExit;
import io.dimee.serdes.OvergrownRecordException;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.UnreadableRecordException;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.deadletters.Rejection;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tier.Floats;
import io.dimee.topology.tier.Predictions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes an event a task and chooses the tier at which it starts (DIMEE, arXiv 2410.05338, Algorithm
 * 2): tokenize, mean of the embedding layer's output, nearest pool. Where the bundle has an exit at
 * depth 0 and that is confident, there is an answer instead. Safe for several threads.
 */
public final class EventRouter {
  /** An id is the key of every record of its event, and dead letters hold it whole. */
  static final int MAX_ID_CHARS = 1_000;

  private static final double NANOS_PER_MILLI = 1e6;

  private final String eventsTopic;
  private final RecordFormat<TextEvent> format;
  private final TextTokenizer tokenizer;
  private final MeanEmbedding embedding;
  private final Pools pools;
  private final BundleManifest manifest;
  private final String modelId;
  private final Policy policy;
  private final RoutePlanner planner;
  private final SpillSwitch spill;
  private final Optional<WordsExit> words;
  private final double wordsPrice;
  private final Predictions predictions;

  /**
   * Creates a router.
   *
   * @param spill whether what should start on the edge tier starts in the cloud
   */
  public EventRouter(Wire wire, RouterModel model, Policy policy, SpillSwitch spill, Clock clock) {
    this.eventsTopic = wire.topics().events();
    this.format = wire.formats().of(TextEvent.class);
    this.tokenizer = model.tokenizer();
    this.embedding = model.embedding();
    this.pools = model.bundle().pools();
    this.manifest = model.bundle().manifest();
    this.modelId = model.bundle().modelId();
    this.policy = policy;
    this.planner = model.planner();
    this.spill = spill;
    this.words = policy.asksWords() ? model.words() : Optional.empty();
    this.wordsPrice = model.costs().words();
    this.predictions = new Predictions(Tier.MOBILE, manifest, modelId, model.costs(), clock);
  }

  /** What becomes of an event. */
  public sealed interface Decision {}

  /**
   * A task for a tier.
   *
   * @param start tier at which it begins
   */
  public record Routed(Tier start, InferenceTask task) implements Decision {}

  /**
   * An answer from words alone.
   *
   * @param own the router's hop
   */
  public record Answered(Prediction prediction, Hop own) implements Decision {}

  /**
   * Routes one event.
   *
   * @param value the encoded event
   * @throws Rejection when it goes to the dead-letter topic
   */
  public Decision route(byte[] value) {
    TextEvent event = decode(value);
    String id = event.getId();
    if (id.isBlank()) {
      throw new Rejection(Reason.INVALID_EVENT, null, "the event's id is blank");
    }
    if (id.length() > MAX_ID_CHARS) {
      throw new Rejection(
          Reason.INVALID_EVENT,
          id,
          "the event's id has %d characters; valid: %d at most"
              .formatted(id.length(), MAX_ID_CHARS));
    }
    EventAttributes.problem(event.getAttributes())
        .ifPresent(
            problem -> {
              throw new Rejection(Reason.INVALID_EVENT, id, problem);
            });
    String pair = pair(event);
    TokenizedText text = tokenize(event, pair);
    requireWordPiece(event, "text", text, 0, text.pairStart());
    if (pair != null) {
      requireWordPiece(event, "text_pair", text, text.pairStart(), text.ids().length);
    }
    Integer gold = gold(event);
    float[] feature = embedding.of(text);
    float[] distances = pools.distances(feature);
    Pool pool = Pools.nearestOf(distances);
    InferenceTask.Builder task =
        InferenceTask.newBuilder()
            .setEventId(id)
            .setModelId(modelId)
            .setPolicy(policy.id())
            .setPool(io.dimee.avro.Pool.valueOf(pool.name()))
            .setPoolDistances(Floats.asList(distances))
            .setTokenIds(Arrays.stream(text.ids()).boxed().toList())
            .setPairStart(text.pairStart())
            .setTruncated(text.truncated())
            .setMinExitDepth(policy.minExitDepth(manifest.tiers()))
            .setMaxExitDepth(policy.maxExitDepth(manifest.tiers()))
            .setDepth(0)
            .setGold(gold)
            .setCreatedAt(event.getCreatedAt())
            .setAttributes(event.getAttributes());
    if (words.isPresent()) {
      long begin = System.nanoTime();
      float[] scores = words.get().scores(event.getText(), pair);
      ExitReading reading = words.get().read(scores);
      Hop hop = hop(reading, (System.nanoTime() - begin) / NANOS_PER_MILLI);
      if (words.get().answers(reading)) {
        return new Answered(predictions.of(task.build(), reading, List.of(hop)), hop);
      }
      task.setHops(List.of(hop));
      if (manifest.stacksWords()) {
        task.setWordScores(Floats.asList(scores));
      }
    }
    Tier planned = policy.start(pool, () -> planner.start(feature, text.ids().length));
    Tier start = spill.divert(planned);
    return new Routed(start, task.setSpilled(start != planned).build());
  }

  /** What asking words alone was: no layer, and nothing sent. */
  private Hop hop(ExitReading reading, double millis) {
    return Hop.newBuilder()
        .setTier(io.dimee.avro.Tier.MOBILE)
        .setFromDepth(0)
        .setToDepth(0)
        .setLayersRun(0)
        .setRestarted(false)
        .setExits(
            List.of(
                new io.dimee.avro.ExitReading(
                    reading.depth(), reading.label(), reading.confidence())))
        .setComputeMs(millis)
        .setBatchSize(1)
        .setBytesIn(0)
        .setComputeCost(wordsPrice)
        .setOffloadCost(0)
        .build();
  }

  /** The second text, or null; a model that was trained on pairs means nothing without one. */
  private String pair(TextEvent event) {
    String pair = event.getTextPair();
    Boolean isPair = manifest.pair();
    if (isPair == null) {
      return pair;
    }
    if (isPair && pair == null) {
      throw new Rejection(
          Reason.INVALID_EVENT,
          event.getId(),
          "the event has no text_pair; the model %s takes two texts".formatted(modelId));
    }
    if (!isPair && pair != null && !pair.isBlank()) {
      throw new Rejection(
          Reason.INVALID_EVENT,
          event.getId(),
          "the event has a text_pair; the model %s takes one text".formatted(modelId));
    }
    // a column that holds nothing is no second text
    return isPair ? pair : null;
  }

  private void requireWordPiece(
      TextEvent event, String field, TokenizedText text, int from, int to) {
    if (!tokenizer.hasWordPiece(text, from, to)) {
      throw new Rejection(
          Reason.BLANK_TEXT,
          event.getId(),
          "the event's %s is blank: the model sees no word in it".formatted(field));
    }
  }

  private TokenizedText tokenize(TextEvent event, String pair) {
    try {
      return tokenizer.tokenize(event.getText(), pair);
    } catch (RuntimeException e) {
      // the native library has no exception of its own; one text must not stop the router
      throw new Rejection(
          Reason.INFERENCE_FAILED,
          event.getId(),
          "the text cannot be tokenized: " + e.getMessage(),
          e);
    }
  }

  private TextEvent decode(byte[] value) {
    if (value == null) {
      throw new Rejection(Reason.UNREADABLE_RECORD, null, "the record has no value");
    }
    try {
      return format.decode(eventsTopic, value);
    } catch (OvergrownRecordException e) {
      // attributes are all that an event has many of
      throw new Rejection(Reason.INVALID_EVENT, null, EventAttributes.tooMany(), e);
    } catch (UnreadableRecordException e) {
      throw new Rejection(Reason.UNREADABLE_RECORD, null, e.getMessage(), e);
    }
  }

  /**
   * Index of the gold label, which is given by name or by index; null when there is none. A table
   * in which some labels are missing has an empty one there, and often its integers as decimals.
   */
  private Integer gold(TextEvent event) {
    String label = event.getLabel();
    if (label == null || label.isBlank()) {
      return null;
    }
    List<String> labels = manifest.labels();
    int byName = labels.indexOf(label);
    if (byName >= 0) {
      return byName;
    }
    String index = label.replaceFirst("\\.0+$", "");
    for (int i = 0; i < labels.size(); i++) {
      if (index.equals(Integer.toString(i))) {
        return i;
      }
    }
    throw new Rejection(
        Reason.UNKNOWN_LABEL,
        event.getId(),
        "label %s is not one of %s or an index into them".formatted(label, labels));
  }
}
