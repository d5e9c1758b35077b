package io.dimee.inference.bundle;

/**
 * What one exit says about one event.
 *
 * @param depth encoder layers below the exit
 * @param probabilities softmax of the logits over the temperature; [classes], sums to 1
 * @param label index of the most probable class, the first of equals
 */
@SuppressWarnings("ArrayRecordComponent") // a value object on a hot path; never compared
public record ExitReading(int depth, float[] probabilities, int label) {
  /** Computes a reading from logits. */
  public static ExitReading of(int depth, float[] logits, double temperature) {
    int label = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[label]) {
        label = i;
      }
    }
    double sum = 0;
    double[] exponentials = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      // subtracting the maximum keeps exp from overflowing
      exponentials[i] = Math.exp((logits[i] - logits[label]) / temperature);
      sum += exponentials[i];
    }
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) (exponentials[i] / sum);
    }
    return new ExitReading(depth, probabilities, label);
  }

  /** Probability of the most probable class. */
  public float confidence() {
    return probabilities[label];
  }
}
