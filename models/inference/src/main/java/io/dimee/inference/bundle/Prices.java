package io.dimee.inference.bundle;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What compute and transport cost, in price units; one unit is one encoder layer by default.
 *
 * @param layer price of one encoder layer on each tier
 * @param exit price of evaluating one exit, on any tier
 * @param offload fixed price of carrying one event between two tiers
 * @param perKibibyte price of 1,024 payload bytes carried between two tiers
 * @param words price of asking the exit that reads words alone; {@value #DEFAULT_WORDS} where a
 *     manifest does not say it
 */
public record Prices(
    Layer layer,
    double exit,
    Offload offload,
    @JsonProperty("per_kibibyte") double perKibibyte,
    Double words) {
  private static final double DEFAULT_WORDS = 0.05;

  /** The defaults of this project: layers cost 1 everywhere, a hop 3, the way to the cloud 5. */
  public static final Prices DEFAULT = new Prices(new Layer(1, 1, 1), 0, new Offload(3, 3, 5), 0);

  /** Prices with the default of the exit that reads words alone. */
  public Prices(Layer layer, double exit, Offload offload, double perKibibyte) {
    this(layer, exit, offload, perKibibyte, DEFAULT_WORDS);
  }

  /** Checks the numbers. */
  @JsonCreator
  public Prices {
    if (layer == null || offload == null) {
      throw new InvalidBundleException(
          "prices: %s is missing".formatted(layer == null ? "layer" : "offload"));
    }
    words = words == null ? DEFAULT_WORDS : words;
    requirePrice("words", words);
    requirePrice("exit", exit);
    requirePrice("per_kibibyte", perKibibyte);
  }

  /** Price of one encoder layer on each tier. */
  public record Layer(double mobile, double edge, double cloud) {
    /** Checks the numbers. */
    public Layer {
      requirePrice("layer.mobile", mobile);
      requirePrice("layer.edge", edge);
      requirePrice("layer.cloud", cloud);
    }

    /** Price on a tier. */
    public double on(Tier tier) {
      return switch (tier) {
        case MOBILE -> mobile;
        case EDGE -> edge;
        case CLOUD -> cloud;
      };
    }
  }

  /** Fixed price of carrying one event between two tiers. */
  public record Offload(
      @JsonProperty("mobile_edge") double mobileToEdge,
      @JsonProperty("edge_cloud") double edgeToCloud,
      @JsonProperty("mobile_cloud") double mobileToCloud) {
    /** Checks the numbers. */
    public Offload {
      requirePrice("offload.mobile_edge", mobileToEdge);
      requirePrice("offload.edge_cloud", edgeToCloud);
      requirePrice("offload.mobile_cloud", mobileToCloud);
    }

    /** Price of the way between two tiers; 0 for staying. */
    public double between(Tier from, Tier to) {
      if (from == to) {
        return 0;
      }
      if (from == Tier.MOBILE) {
        return to == Tier.EDGE ? mobileToEdge : mobileToCloud;
      }
      if (from == Tier.EDGE && to == Tier.CLOUD) {
        return edgeToCloud;
      }
      throw new IllegalArgumentException("nothing is offloaded from " + from + " to " + to);
    }
  }

  private static void requirePrice(String key, double value) {
    if (!Double.isFinite(value) || value < 0) {
      throw new InvalidBundleException(
          "prices: %s=%s must be a number of 0 or more".formatted(key, value));
    }
  }
}
