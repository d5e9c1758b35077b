package io.dimee.calibration.evaluation;

import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.TemperatureScaling;
import io.dimee.inference.bundle.ExitReading;
import java.util.ArrayList;
import java.util.List;

/** Compares confidence with accuracy, before and after temperature scaling. */
final class ReliabilityDiagrams {
  private static final int BINS = 10;

  private ReliabilityDiagrams() {}

  /** Fits the temperature of the exit at a depth on held-out rows, and looks at dev. */
  static TaskEvaluation.Reliability of(ExitOutputs heldOut, ExitOutputs dev, int depth) {
    double temperature = TemperatureScaling.fit(heldOut.logits()[depth - 1], heldOut.labels());
    return new TaskEvaluation.Reliability(
        depth, diagram(dev, depth, 1), diagram(dev, depth, temperature));
  }

  private static TaskEvaluation.Diagram diagram(ExitOutputs dev, int depth, double temperature) {
    double[] confidence = new double[BINS];
    int[] right = new int[BINS];
    int[] rows = new int[BINS];
    for (int row = 0; row < dev.rows(); row++) {
      ExitReading reading = ExitReading.of(depth, dev.logits()[depth - 1][row], temperature);
      int bin = Math.min(BINS - 1, (int) (reading.confidence() * BINS));
      confidence[bin] += reading.confidence();
      right[bin] += reading.label() == dev.labels()[row] ? 1 : 0;
      rows[bin]++;
    }
    double error = 0;
    List<TaskEvaluation.Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      if (rows[bin] > 0) {
        error += Math.abs(confidence[bin] - right[bin]) / dev.rows();
        bins.add(
            new TaskEvaluation.Bin(
                confidence[bin] / rows[bin], (double) right[bin] / rows[bin], rows[bin]));
      }
    }
    return new TaskEvaluation.Diagram(error, bins);
  }
}
