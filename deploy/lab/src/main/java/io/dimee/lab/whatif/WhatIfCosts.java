package io.dimee.lab.whatif;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.bundle.UnknownLabel;
import io.dimee.inference.routing.CostModel;
import io.dimee.serdes.EnumNames;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Recomputes what past predictions would have cost under other prices and thresholds, from their
 * recorded hops alone.
 *
 * <p>Other prices never change a path, so every prediction can be priced again. Other thresholds
 * can: a prediction that would have been answered at an earlier exit is cut there; one that would
 * have gone deeper than it did cannot be followed, since nobody knows what deeper exits would have
 * said, and is counted and left out.
 */
public final class WhatIfCosts {
  private final Prices prices;
  private final CostModel costs;
  private final TierDepths tiers;
  private final Optional<Thresholds> thresholds;
  private final Map<Tier, Long> answered = new EnumMap<>(Tier.class);

  private long events;
  private long followed;
  private long labelled;
  private long rightBefore;
  private long rightAfter;
  private double costBefore;
  private double costAfter;

  /**
   * Prepares the sums.
   *
   * @param thresholds empty to leave answers where they were
   */
  public WhatIfCosts(Prices prices, TierDepths tiers, Optional<Thresholds> thresholds) {
    this.prices = prices;
    this.costs = new CostModel(prices, tiers.cloud());
    this.tiers = tiers;
    this.thresholds = thresholds;
  }

  /**
   * Sums.
   *
   * @param events predictions read
   * @param followed those that could be followed; all other figures are over these
   * @param beyond those that would have gone deeper than their record
   * @param accuracyBefore null when none has a label
   * @param accuracyAfter null when none has a label
   * @param costBefore mean, as recorded; price units
   * @param costAfter mean, under these prices and thresholds; price units
   * @param cloudOnly mean under these prices
   * @param share answered by each tier
   * @param cloudOnlyLacksBytes whether the bytes part of cloudOnly is left out, since predictions
   *     do not record their number of tokens
   */
  public record Result(
      long events,
      @JsonProperty("replayed") long followed,
      long beyond,
      Double accuracyBefore,
      Double accuracyAfter,
      double costBefore,
      double costAfter,
      double cloudOnly,
      double costReduction,
      Map<String, Double> share,
      boolean cloudOnlyLacksBytes) {}

  /**
   * Where an answer is given.
   *
   * @param hop index among the hops
   */
  private record End(int hop, int depth, int label) {}

  /**
   * Adds a prediction, as commands print them.
   *
   * @throws IllegalArgumentException when a part that is needed is missing
   */
  public void add(JsonNode prediction) {
    JsonNode hops = require(prediction, "hops");
    require(prediction, "exit_depth");
    JsonNode recordedCost = require(require(prediction, "cost"), "total");
    Optional<End> end = end(prediction, hops);
    // everything is read before anything is counted, so that a damaged line changes nothing
    double cost = end.isPresent() ? cost(hops, end.get()) : 0;
    events++;
    if (end.isEmpty()) {
      return;
    }
    followed++;
    costBefore += recordedCost.doubleValue();
    costAfter += cost;
    answered.merge(tier(hops.get(end.get().hop())), 1L, Long::sum);
    // whether a withheld answer was right is not recorded
    if (prediction.hasNonNull("gold") && end.get().label() != UnknownLabel.INDEX) {
      int gold = prediction.get("gold").intValue();
      labelled++;
      rightBefore += label(prediction) == gold ? 1 : 0;
      rightAfter += end.get().label() == gold ? 1 : 0;
    }
  }

  /** Index of the answered class, or that of an answer that was withheld. */
  private static int label(JsonNode prediction) {
    return prediction.has("label") && prediction.get("label").isNull()
        ? UnknownLabel.INDEX
        : require(prediction, "label").intValue();
  }

  /** Where the answer is given; empty when that lies beyond the record. */
  private Optional<End> end(JsonNode prediction, JsonNode hops) {
    End recorded =
        new End(hops.size() - 1, prediction.get("exit_depth").intValue(), label(prediction));
    boolean oneTierOnly = prediction.path("policy").asText().endsWith("-only");
    if (thresholds.isEmpty() || oneTierOnly) {
      return Optional.of(recorded);
    }
    for (int hop = 0; hop < hops.size(); hop++) {
      for (JsonNode exit : hops.get(hop).path("exits")) {
        int depth = require(exit, "depth").intValue();
        int label = require(exit, "label").intValue();
        if (thresholds.get().answers(depth, label, require(exit, "confidence").doubleValue())) {
          return Optional.of(new End(hop, depth, label));
        }
      }
    }
    return recorded.depth() >= tiers.cloud() ? Optional.of(recorded) : Optional.empty();
  }

  private double cost(JsonNode hops, End end) {
    double cost = 0;
    Tier before = Tier.MOBILE;
    for (int i = 0; i <= end.hop(); i++) {
      JsonNode hop = hops.get(i);
      Tier tier = tier(hop);
      int to = i == end.hop() ? end.depth() : require(hop, "to_depth").intValue();
      int exits = 0;
      for (JsonNode exit : hop.path("exits")) {
        int depth = exit.path("depth").intValue();
        cost += depth == Exit.WORDS ? costs.words() : 0;
        exits += depth != Exit.WORDS && depth <= to ? 1 : 0;
      }
      cost += costs.offload(before, tier, require(hop, "bytes_in").longValue());
      cost += costs.compute(tier, to - require(hop, "from_depth").intValue(), exits);
      before = tier;
    }
    return cost;
  }

  private static Tier tier(JsonNode hop) {
    return Tier.valueOf(require(hop, "tier").asText().toUpperCase(Locale.ROOT));
  }

  private static JsonNode require(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null || value.isNull() || (value.isContainerNode() && value.isEmpty())) {
      throw new IllegalArgumentException("it has no " + key);
    }
    return value;
  }

  /** The sums so far. */
  public Result result() {
    double count = Math.max(1, followed);
    Map<String, Double> share = new LinkedHashMap<>();
    for (Tier tier : Tier.values()) {
      share.put(EnumNames.lower(tier), answered.getOrDefault(tier, 0L) / count);
    }
    double cloudOnly = costs.cloudOnly(0);
    return new Result(
        events,
        followed,
        events - followed,
        labelled == 0 ? null : (double) rightBefore / labelled,
        labelled == 0 ? null : (double) rightAfter / labelled,
        costBefore / count,
        costAfter / count,
        cloudOnly,
        followed == 0 ? 0 : 1 - costAfter / count / cloudOnly,
        share,
        prices.perKibibyte() > 0);
  }
}
