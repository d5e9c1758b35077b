package io.dimee.node.dashboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.avro.DeadLetter;
import io.dimee.avro.ExitCount;
import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Tier;
import io.dimee.client.outcomes.PredictionJson;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.CalibrationReference;
import io.dimee.inference.bundle.Exit;
import io.dimee.node.ledger.DriftJson;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.ledger.DriftMonitor;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What the page is told: a snapshot of the view as JSON. The field names are a contract with it.
 */
final class ViewJson {
  private static final List<Tier> TIERS = List.of(Tier.MOBILE, Tier.EDGE, Tier.CLOUD);
  private static final List<Pool> POOLS = List.of(Pool.EASY, Pool.MEDIUM, Pool.HARD);

  private final ObjectMapper json = new ObjectMapper();
  private final PredictionJson predictionJson = new PredictionJson();
  private final Map<String, BundleManifest> models;
  private final DriftMonitor drift;
  private final Lags lags;

  /**
   * Creates a writer.
   *
   * @param models manifests of the models that are known, by model id
   */
  ViewJson(Map<String, BundleManifest> models, Lags lags) {
    this.models = models;
    this.drift = new DriftMonitor(models);
    this.lags = lags;
  }

  ObjectNode of(LiveView.Snapshot view, Instant now) {
    ObjectNode node = json.createObjectNode();
    node.put("now", now.toEpochMilli());
    String model = mostUsed(view.totals());
    BundleManifest manifest = model == null ? null : models.get(model);
    models(node.putArray("models"), view);
    totals(node.putObject("totals"), view);
    put(node.putObject("router"), "lag", lags.ofRouter());
    tiers(node.putArray("tiers"), view);
    latencies(node.putObject("latency_ms"), view.series().latencies());
    series(node.putObject("series"), view.series());
    List<LedgerEntry> ofModel =
        view.totals().stream().filter(entry -> entry.getModelId().equals(model)).toList();
    confidence(node.putObject("confidence"), ofModel, manifest);
    if (manifest != null) {
      exits(node.putArray("exits"), ofModel, manifest);
    }
    DriftJson.write(drift.read(view.drifting()), node);
    for (Prediction prediction : view.recent()) {
      node.withArray("recent").add(prediction(prediction));
    }
    for (DeadLetter letter : view.letters()) {
      node.withArray("dead_letters").add(letter(letter));
    }
    return node;
  }

  /** A prediction with its times. */
  ObjectNode prediction(Prediction prediction) {
    return predictionJson
        .node(prediction)
        .put("created_at", prediction.getCreatedAt().toEpochMilli())
        .put("predicted_at", prediction.getPredictedAt().toEpochMilli());
  }

  /**
   * A dead letter without its payload, which may be a text that is none of a passer-by's business.
   */
  ObjectNode letter(DeadLetter letter) {
    return json.createObjectNode()
        .put("event_id", letter.getEventId())
        .put("stage", EnumNames.lower(letter.getStage()))
        .put("reason", EnumNames.lower(letter.getReason()))
        .put("message", letter.getMessage())
        .put("topic", letter.getTopic())
        .put("partition", letter.getPartition())
        .put("offset", letter.getOffset())
        .put("failed_at", letter.getFailedAt().toEpochMilli());
  }

  /** Null before the first prediction. */
  private static String mostUsed(Collection<LedgerEntry> totals) {
    return totals.stream()
        .collect(
            Collectors.groupingBy(
                LedgerEntry::getModelId, Collectors.summingLong(LedgerEntry::getCount)))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  private static long sum(Collection<LedgerEntry> entries, ToLongFunction<LedgerEntry> value) {
    return entries.stream().mapToLong(value).sum();
  }

  private static double sumOf(
      Collection<LedgerEntry> entries, ToDoubleFunction<LedgerEntry> value) {
    return entries.stream().mapToDouble(value).sum();
  }

  /** Models that have answered; those that could, while none has. */
  private void models(ArrayNode array, LiveView.Snapshot view) {
    List<String> used =
        view.totals().stream().map(LedgerEntry::getModelId).distinct().sorted().toList();
    for (String id : used.isEmpty() && models.size() == 1 ? models.keySet() : used) {
      BundleManifest manifest = models.get(id);
      ObjectNode node = array.addObject().put("id", id);
      if (manifest == null) {
        continue;
      }
      node.put("task", manifest.task());
      manifest.labels().forEach(node.putArray("labels")::add);
      node.putObject("tiers")
          .put("mobile", manifest.tiers().mobile())
          .put("edge", manifest.tiers().edge())
          .put("cloud", manifest.tiers().cloud());
      for (Exit exit : manifest.exits()) {
        ObjectNode threshold = node.withArray("thresholds").addObject().put("depth", exit.depth());
        for (int label = 0; label < manifest.labels().size(); label++) {
          threshold.withArray("by_label").add(exit.threshold(label));
        }
      }
    }
  }

  private static void totals(ObjectNode node, LiveView.Snapshot view) {
    List<LedgerEntry> totals = view.totals();
    double cost = sumOf(totals, LedgerEntry::getCost);
    double cloudOnly = sumOf(totals, LedgerEntry::getCloudOnlyCost);
    node.put("answered", sum(totals, LedgerEntry::getCount));
    node.put("dead_letters", view.letterCount());
    node.put("cost", cost);
    node.put("cloud_only_cost", cloudOnly);
    put(node, "cost_reduction", 1 - cost / cloudOnly);
    long labelled = exitSum(totals, ExitCount::getLabelled);
    node.put("labelled", labelled);
    put(node, "accuracy", exitSum(totals, ExitCount::getRight) / (double) labelled);
    node.put("bytes_offloaded", sum(totals, LedgerEntry::getBytesOffloaded));
    node.put("spilled", sum(totals, LedgerEntry::getSpilled));
    node.put("since", view.since() == null ? null : view.since().toEpochMilli());
  }

  private static long exitSum(Collection<LedgerEntry> entries, ToLongFunction<ExitCount> value) {
    return entries.stream().flatMap(entry -> entry.getExits().stream()).mapToLong(value).sum();
  }

  private void tiers(ArrayNode array, LiveView.Snapshot view) {
    double all = sum(view.totals(), LedgerEntry::getCount);
    for (Tier tier : TIERS) {
      List<LedgerEntry> own =
          view.totals().stream().filter(entry -> entry.getTier() == tier).toList();
      long answered = sum(own, LedgerEntry::getCount);
      ObjectNode node = array.addObject();
      node.put("tier", EnumNames.lower(tier));
      node.put("answered", answered);
      put(node, "share", answered / all);
      node.put("rate", view.series().rates().get(tier));
      put(node, "lag", lags.of(io.dimee.inference.bundle.Tier.valueOf(tier.name())));
      ObjectNode pools = node.putObject("pools");
      for (Pool pool : POOLS) {
        pools.put(
            EnumNames.lower(pool),
            sum(own, entry -> entry.getPool() == pool ? entry.getCount() : 0));
      }
    }
  }

  private static void latencies(ObjectNode node, Series.Latencies latencies) {
    node.put("count", latencies.count());
    if (latencies.count() > 0) {
      node.put("p50", latencies.p50());
      node.put("p90", latencies.p90());
      node.put("p99", latencies.p99());
      node.put("max", latencies.max());
    }
  }

  private static void series(ObjectNode node, Series.Window window) {
    node.put("step_ms", Series.STEP.toMillis());
    node.put("from", window.from());
    ObjectNode answered = node.putObject("answered");
    for (Tier tier : TIERS) {
      ArrayNode counts = answered.putArray(EnumNames.lower(tier));
      window.steps().forEach(step -> counts.add(step.answered().getOrDefault(tier, 0L)));
    }
    ArrayNode letters = node.putArray("dead_letters");
    ArrayNode cost = node.putArray("cost");
    ArrayNode cloudOnly = node.putArray("cloud_only");
    ArrayNode p50 = node.putArray("p50");
    ArrayNode p99 = node.putArray("p99");
    for (Series.Point step : window.steps()) {
      letters.add(step.letters());
      if (step.latencies().count() == 0) {
        List.of(cost, cloudOnly, p50, p99).forEach(ArrayNode::addNull);
      } else {
        cost.add(step.cost());
        cloudOnly.add(step.cloudOnlyCost());
        p50.add(step.latencies().p50());
        p99.add(step.latencies().p99());
      }
    }
  }

  private static void confidence(
      ObjectNode node, List<LedgerEntry> ofModel, BundleManifest manifest) {
    node.put("bins", CalibrationReference.CONFIDENCE_BINS);
    for (Tier tier : TIERS) {
      ArrayNode counts = node.putArray(EnumNames.lower(tier));
      for (int i = 0; i < CalibrationReference.CONFIDENCE_BINS; i++) {
        int bin = i;
        counts.add(
            sum(ofModel, entry -> entry.getTier() == tier ? entry.getConfidences().get(bin) : 0));
      }
    }
    if (manifest != null && manifest.reference() != null) {
      manifest.reference().confidences().forEach(node.putArray("reference")::add);
    }
  }

  private static void exits(ArrayNode array, List<LedgerEntry> ofModel, BundleManifest manifest) {
    double all = sum(ofModel, LedgerEntry::getCount);
    for (int i = 0; i < manifest.exits().size(); i++) {
      int depth = manifest.exits().get(i).depth();
      ToLongFunction<ToLongFunction<ExitCount>> sum =
          value -> exitSum(ofModel, exit -> exit.getDepth() == depth ? value.applyAsLong(exit) : 0);
      long answered = sum.applyAsLong(ExitCount::getCount);
      long labelled = sum.applyAsLong(ExitCount::getLabelled);
      ObjectNode node = array.addObject();
      node.put("depth", depth);
      node.put("tier", EnumNames.lower(manifest.tiers().tierAt(depth)));
      node.put("answered", answered);
      put(node, "share", answered / all);
      node.put("labelled", labelled);
      put(node, "accuracy", sum.applyAsLong(ExitCount::getRight) / (double) labelled);
      if (manifest.reference() != null) {
        node.put("reference", manifest.reference().exits().get(i));
      }
    }
  }

  /** JSON has no number for what is not known. */
  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  private static void put(ObjectNode node, String name, OptionalLong value) {
    if (value.isPresent()) {
      node.put(name, value.getAsLong());
    } else {
      node.putNull(name);
    }
  }
}
