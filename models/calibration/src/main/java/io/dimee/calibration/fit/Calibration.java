package io.dimee.calibration.fit;

import io.dimee.calibration.data.DataException;
import io.dimee.inference.bundle.CalibrationReference;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Pools;
import io.dimee.inference.bundle.TierPredictor;
import io.dimee.inference.routing.PathCosts;
import java.util.List;

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
 */
public record Calibration(
    List<Exit> exits,
    Pools pools,
    TierPredictor predictor,
    CascadeOutcome predicted,
    double dropBound,
    CalibrationReference reference) {
  /**
   * What calibration may cost.
   *
   * @param maxDrop accuracy that may be lost against the last exit, in points
   * @param confidence with which new rows must not lose more, in (0.5, 1)
   */
  public record Target(double maxDrop, double confidence) {
    /** What the committed bundles are calibrated for. */
    public static final Target DEFAULT = new Target(0.8, 0.9);

    /** Checks the numbers. */
    public Target {
      if (!(maxDrop >= 0 && maxDrop <= 100)) {
        throw new DataException("max-drop=%s must lie in [0, 100]".formatted(maxDrop));
      }
      if (!(confidence > 0.5 && confidence < 1)) {
        throw new DataException("confidence=%s must lie between 0.5 and 1".formatted(confidence));
      }
    }
  }

  /** Fits on held-out rows. */
  public static Calibration fit(ExitOutputs heldOut, PathCosts costs, Target target) {
    return new Calibrator(heldOut, costs.tiers()).fit(costs, target);
  }

  /** Whether the exit that reads words alone is asked. */
  public boolean asksWords() {
    return exits.get(0).depth() == Exit.WORDS;
  }
}
