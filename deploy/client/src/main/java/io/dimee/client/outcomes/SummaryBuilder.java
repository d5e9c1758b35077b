package io.dimee.client.outcomes;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.avro.Tier;
import io.dimee.inference.bundle.UnknownLabel;
import io.dimee.serdes.EnumNames;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds predictions up. */
public final class SummaryBuilder {
  private static final List<Tier> TIERS = List.of(Tier.MOBILE, Tier.EDGE, Tier.CLOUD);

  private final Map<Tier, Long> byTier = new EnumMap<>(Tier.class);
  private final Map<Tier, Double> confidences = new EnumMap<>(Tier.class);
  private long answered;
  private long unknown;
  private final Map<String, Long> reasons = new TreeMap<>();
  private long deadLetters;
  private long labelled;
  private long right;
  private long layers;
  private double cost;
  private double cloudOnlyCost;
  private long bytes;

  /** Adds a prediction. */
  public void add(Prediction prediction) {
    answered++;
    byTier.merge(prediction.getTier(), 1L, Long::sum);
    confidences.merge(prediction.getTier(), (double) prediction.getConfidence(), Double::sum);
    boolean isUnknown = prediction.getLabel() == UnknownLabel.INDEX;
    unknown += isUnknown ? 1 : 0;
    if (prediction.getGold() != null && !isUnknown) {
      labelled++;
      right += prediction.getGold() == prediction.getLabel() ? 1 : 0;
    }
    layers += prediction.getLayersRun();
    cost += prediction.getCost().getTotal();
    cloudOnlyCost += prediction.getCost().getCloudOnly();
    bytes += prediction.getBytesOffloaded();
  }

  /** Counts a dead letter. */
  public void add(DeadLetter letter) {
    deadLetters++;
    reasons.merge(letter.getReason().name(), 1L, Long::sum);
  }

  /** Events that have an outcome so far. */
  public long outcomes() {
    return answered + deadLetters;
  }

  /** Share of a tier in the answers so far. */
  public double share(Tier tier) {
    return answered == 0 ? 0 : byTier.getOrDefault(tier, 0L) / (double) answered;
  }

  /**
   * Sums up.
   *
   * @param events events and bad lines that were sent
   * @param seconds from the first event sent to the last outcome read
   */
  public Summary build(long events, double seconds) {
    double divisor = Math.max(1, answered);
    Map<String, Double> share = new LinkedHashMap<>();
    Map<String, Double> confidence = new LinkedHashMap<>();
    for (Tier tier : TIERS) {
      String name = EnumNames.lower(tier);
      share.put(name, share(tier));
      if (byTier.containsKey(tier)) {
        confidence.put(name, confidences.get(tier) / byTier.get(tier));
      }
    }
    return new Summary(
        events,
        answered,
        deadLetters,
        unknown == 0 ? null : unknown,
        reasons.isEmpty() ? null : Collections.unmodifiableMap(new TreeMap<>(reasons)),
        labelled == 0 ? null : right / (double) labelled,
        share,
        confidence,
        layers / divisor,
        cost / divisor,
        cloudOnlyCost / divisor,
        cloudOnlyCost == 0 ? 0 : 1 - cost / cloudOnlyCost,
        bytes / divisor,
        seconds == 0 ? 0 : outcomes() / seconds,
        seconds);
  }
}
