package io.dimee.calibration.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimee.calibration.fit.Calibration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Everything that a report says of one task.
 *
 * @param task published name
 * @param modelId the bundle that was evaluated
 * @param metric what GLUE ranks the task by
 * @param heldOutRows rows of train that thresholds were fitted on
 * @param devRows rows of dev that were answered
 * @param devRowsInAll rows of dev there are
 * @param dataSha256 hash of the training file
 * @param target what the thresholds may cost
 * @param policies one row of the tables each
 * @param curves cost and accuracy of each policy over its parameter
 * @param exits each exit's calibration and accuracy
 * @param classes what policy cascade does for each class
 * @param reliability of the exits at which tiers end
 * @param router what the routers' predictions are worth
 * @param map the pools in two dimensions (t-SNE)
 * @param seeds scores of all training runs, as the bundle records them
 */
public record TaskEvaluation(
    String task,
    String modelId,
    String metric,
    int heldOutRows,
    int devRows,
    int devRowsInAll,
    String dataSha256,
    Calibration.Target target,
    List<PolicyRow> policies,
    Map<String, List<CurvePoint>> curves,
    List<ExitRow> exits,
    List<ClassFigures> classes,
    List<Reliability> reliability,
    RouterQuality router,
    List<MapPoint> map,
    JsonNode seeds) {
  /**
   * What one policy does on dev.
   *
   * @param policy its name
   * @param parameter what was fitted on held-out rows, or null
   * @param score by the task's metric
   * @param f1 of class 1, for tasks that GLUE reports it for, or null
   * @param dropPoints accuracy below the last exit
   * @param dropLow lower end of its interval; points
   * @param dropHigh upper end of its interval, each at the target's confidence; points
   * @param predictedDropPoints on held-out rows
   * @param predictedDropBound what held-out rows say that the drop will not exceed; points
   * @param costReduction part of the cloud-only cost that is saved
   * @param started shares of mobile, edge, cloud
   * @param answered shares of mobile, edge, cloud
   */
  public record PolicyRow(
      String policy,
      Double parameter,
      double score,
      double accuracy,
      Double f1,
      double dropPoints,
      double dropLow,
      double dropHigh,
      double predictedDropPoints,
      double predictedDropBound,
      double cost,
      double cloudOnlyCost,
      double costReduction,
      double layers,
      List<Double> started,
      List<Double> answered) {}

  /**
   * What policy cascade does for one class, on dev.
   *
   * @param support rows of the class
   * @param recallLost recall below the last exit's; points
   */
  public record ClassFigures(
      String label, double precision, double recall, double f1, int support, double recallLost) {
    static List<ClassFigures> of(BundleMeasurement measured) {
      List<ClassReport.ClassRow> last = measured.last().classes();
      List<ClassReport.ClassRow> early = measured.cascade().classes();
      return IntStream.range(0, early.size())
          .mapToObj(
              label -> {
                ClassReport.ClassRow row = early.get(label);
                double lost = row.support() == 0 ? 0 : last.get(label).recall() - row.recall();
                return new ClassFigures(
                    row.label(),
                    row.precision(),
                    row.recall(),
                    row.f1(),
                    row.support(),
                    100 * lost);
              })
          .toList();
    }
  }

  /** One setting of a policy's parameter, on dev. */
  public record CurvePoint(double cost, double accuracy) {}

  /**
   * One exit.
   *
   * @param asked whether the bundle asks it
   * @param temperature null when it is not asked
   * @param thresholds one a class; null when it is not asked
   * @param share of dev rows that it answers under policy cascade
   */
  public record ExitRow(
      int depth,
      boolean asked,
      Double temperature,
      List<Double> thresholds,
      double accuracy,
      double share) {}

  /**
   * How well confidence tells accuracy.
   *
   * @param before as trained, with temperature 1
   * @param after with the fitted temperature
   */
  public record Reliability(int depth, Diagram before, Diagram after) {}

  /**
   * A reliability diagram.
   *
   * @param error expected calibration error: mean of |confidence - accuracy| over bins of equal
   *     width, weighted by their rows (Guo et al. 2017, arXiv 1706.04599)
   */
  public record Diagram(double error, List<Bin> bins) {}

  /** Rows of like confidence. */
  public record Bin(double confidence, double accuracy, int rows) {}

  /**
   * Predictions of the tier whose exits answer, against what happens.
   *
   * @param pools rows by the nearest pool (outer) and by the tier that answers (inner)
   * @param predictor the same by the adaptive router's most probable tier
   * @param poolsBalancedAccuracy mean over tiers of the share predicted rightly; 1/3 by chance
   */
  public record RouterQuality(
      List<List<Integer>> pools,
      List<List<Integer>> predictor,
      double poolsBalancedAccuracy,
      double predictorBalancedAccuracy) {}

  /** A row's mean embedding, laid out in the plane, and the tier that answers it. */
  public record MapPoint(double x, double y, String tier) {}
}
