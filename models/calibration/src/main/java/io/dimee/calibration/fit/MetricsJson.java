package io.dimee.calibration.fit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.data.Score;
import io.dimee.inference.bundle.Exit;

/** What a manifest records of a bundle's accuracy and cost. */
public final class MetricsJson {
  /** Accuracies of the weights as they were trained, before they became two-bit differences. */
  public static final String BEFORE_COMPACTION = "accuracy_by_layer_before_compaction";

  /** Policy cascade without the exit that reads words alone, where a bundle has one. */
  public static final String WITHOUT_WORDS = "cascade_without_words";

  /** Accuracies of the same weights computed in fp32, where the bundle is not. */
  static final String IN_FP32 = "accuracy_by_layer_fp32";

  private final ObjectMapper json = new ObjectMapper();
  private final Score score;

  /** Writes the metrics of a data set by its own score. */
  public MetricsJson(Score score) {
    this.score = score;
  }

  /**
   * What exits and policy cascade do on a data set.
   *
   * @param cascade measured, or predicted by cross-fitting
   */
  public ObjectNode of(ExitOutputs outputs, CascadeOutcome cascade) {
    ObjectNode node = json.createObjectNode();
    node.put("rows", outputs.rows());
    node.set("accuracy_by_layer", accuracies(outputs));
    if (outputs.words() != null) {
      node.put("words_accuracy", outputs.accuracy(Exit.WORDS));
    }
    node.put("last_exit_" + score.id(), lastExitScore(outputs));
    node.set("cascade", cascade(cascade));
    return node;
  }

  /** What policy cascade does. */
  public ObjectNode cascade(CascadeOutcome cascade) {
    ObjectNode walked = json.createObjectNode();
    walked.put("accuracy", cascade.accuracy());
    walked.put("drop_points", cascade.dropPoints());
    walked.put("cost_mean", cascade.cost());
    walked.put("cloud_only_cost_mean", cascade.cloudOnlyCost());
    walked.put("cost_reduction", cascade.costReduction());
    cascade.shares().forEach(walked.withArray("share")::add);
    return walked;
  }

  /** The same of held-out rows, with the bound of the drop. */
  public ObjectNode heldOut(ExitOutputs outputs, Calibration calibration) {
    ObjectNode node = of(outputs, calibration.predicted());
    node.put("drop_bound_points", calibration.dropBound());
    return node;
  }

  /** The last exit's score, by the data set's metric: higher is better, 1 is perfect. */
  public double lastExitScore(ExitOutputs outputs) {
    return score.of(outputs.labels(), outputs.answers(outputs.layers()));
  }

  /** Accuracy of each exit, the shallowest first; fractions. */
  public ArrayNode accuracies(ExitOutputs outputs) {
    ArrayNode array = json.createArrayNode();
    for (int depth = 1; depth <= outputs.layers(); depth++) {
      array.add(outputs.accuracy(depth));
    }
    return array;
  }
}
