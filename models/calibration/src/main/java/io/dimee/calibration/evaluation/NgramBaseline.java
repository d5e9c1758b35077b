package io.dimee.calibration.evaluation;

import io.dimee.calibration.data.Example;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.words.WordsModel;
import io.dimee.inference.words.WordsScorer;
import java.util.List;

/**
 * What a linear classifier on n-grams makes of a data set: whether a transformer is worth its price
 * there, and by how much.
 */
public final class NgramBaseline {
  private NgramBaseline() {}

  /** Measures a classifier. */
  public static ClassReport of(WordsModel model, List<Example> measured, List<String> labels) {
    WordsScorer scorer = new WordsScorer(model);
    float[] logits = new float[labels.size()];
    int[] answers = new int[measured.size()];
    for (int row = 0; row < answers.length; row++) {
      scorer.score(measured.get(row).text(), measured.get(row).pair(), logits);
      answers[row] = ExitReading.of(Exit.WORDS, logits, 1).label();
    }
    return ClassReport.of(measured.stream().mapToInt(Example::label).toArray(), answers, labels);
  }
}
