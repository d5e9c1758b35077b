package io.dimee.calibration.fit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.data.DataException;
import io.dimee.inference.bundle.CalibrationReference;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Pools;
import io.dimee.inference.bundle.TierPredictor;
import io.dimee.inference.routing.PathCosts;
import java.util.List;
import java.util.Optional;

/**
 * Exits, temperatures, thresholds and pools, fitted on held-out rows.
 *
 * @param exits those that are worth asking, shallowest first
 * @param pools centroids of the complexity pools
 * @param predictor the adaptive router's
 * @param predicted what to expect on new rows: each held-out row was answered by thresholds that
 *     were fitted without it
 * @param dropBound drop in points that new rows exceed with no more than the allowed probability
 * @param reference how the held-out rows spread over pools, exits and confidences
 * @param abstention when an answer is withheld; empty where it never is
 */
public record Calibration(
    List<Exit> exits,
    Pools pools,
    TierPredictor predictor,
    CascadeOutcome predicted,
    double dropBound,
    CalibrationReference reference,
    Optional<Abstention> abstention) {
  /**
   * What calibration may cost.
   *
   * @param metric by which it is measured
   * @param maxDrop of the metric that may be lost against the last exit, in points
   * @param confidence with which new rows must not lose more, in (0.5, 1)
   * @param maxClassDrop recall that each class may lose on the held-out rows, in points; one row of
   *     a class does not count, since it may be chance
   */
  public record Target(Metric metric, double maxDrop, double confidence, double maxClassDrop) {
    /** What the committed bundles are calibrated for. */
    public static final Target DEFAULT = new Target(0.8, 0.9);

    /** Classes may lose anything. */
    private static final double NO_LIMIT = 100;

    /** A target for accuracy, without one for each class. */
    public Target(double maxDrop, double confidence) {
      this(Metric.ACCURACY, maxDrop, confidence, NO_LIMIT);
    }

    /** Checks the numbers. */
    public Target {
      if (!(maxDrop >= 0 && maxDrop <= 100)) {
        throw new DataException("max-drop=%s must lie in [0, 100]".formatted(maxDrop));
      }
      if (!(confidence > 0.5 && confidence < 1)) {
        throw new DataException("confidence=%s must lie between 0.5 and 1".formatted(confidence));
      }
      if (!(maxClassDrop >= 0 && maxClassDrop <= 100)) {
        throw new DataException("max-class-drop=%s must lie in [0, 100]".formatted(maxClassDrop));
      }
    }

    /**
     * Drop of the metric that new rows exceed with no more than the allowed probability; points.
     */
    double bound(PairedAnswers answers) {
      return answers.upperBound(metric, confidence);
    }

    boolean allows(PairedAnswers answers) {
      return bound(answers) <= maxDrop
          && (maxClassDrop == NO_LIMIT || answers.worstClassPoints() <= maxClassDrop);
    }

    /**
     * Records the target.
     *
     * @param labels class names
     */
    public void describe(ObjectNode node, List<String> labels) {
      if (metric.kind() != Metric.Kind.ACCURACY) {
        node.put("metric", metric.id(labels));
      }
      node.put("max_drop_points", maxDrop);
      node.put("confidence", confidence);
      if (maxClassDrop < NO_LIMIT) {
        node.put("max_class_drop_points", maxClassDrop);
      }
    }

    /** A target as {@link #describe} recorded it; the default where none is recorded. */
    public static Target of(JsonNode node, List<String> labels) {
      if (!node.path("max_drop_points").isNumber() || !node.path("confidence").isNumber()) {
        return DEFAULT;
      }
      return new Target(
          node.has("metric") ? Metric.parse(node.path("metric").asText(), labels) : Metric.ACCURACY,
          node.path("max_drop_points").doubleValue(),
          node.path("confidence").doubleValue(),
          node.path("max_class_drop_points").asDouble(NO_LIMIT));
    }
  }

  /** Fits on held-out rows. */
  public static Calibration fit(ExitOutputs heldOut, PathCosts costs, Target target) {
    return new Calibrator(heldOut, costs.tiers()).fit(costs, target);
  }

  /** Confidence below which an answer is withheld; null where none is. */
  Double abstainBelow() {
    return abstention.map(Abstention::below).orElse(null);
  }

  /** Whether the exit that reads words alone is asked. */
  public boolean asksWords() {
    return exits.get(0).depth() == Exit.WORDS;
  }
}
