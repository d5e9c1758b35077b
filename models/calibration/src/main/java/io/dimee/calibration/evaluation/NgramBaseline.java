package io.dimee.calibration.evaluation;

import io.dimee.calibration.data.Example;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.calibration.words.WordsSettings;
import io.dimee.calibration.words.WordsTrainer;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.words.WordsModel;
import io.dimee.inference.words.WordsScorer;
import java.util.Arrays;
import java.util.List;

/**
 * What a linear classifier on n-grams makes of a data set: whether a transformer is worth its price
 * there, and by how much.
 */
public final class NgramBaseline {
  private static final WordsSettings SEED_FREE = WordsSettings.defaults(0);

  /** As few as there may be: nothing is fitted on what they say. */
  private static final int FOLDS = 2;

  private NgramBaseline() {}

  /**
   * Trains the classifier and measures it.
   *
   * @param train rows that it is trained on
   * @param measured rows that it answers
   */
  public static ClassReport of(
      List<Example> train,
      List<Example> measured,
      List<String> labels,
      long seed,
      TrainingProgress progress) {
    WordsSettings settings =
        new WordsSettings(
            SEED_FREE.costs(), FOLDS, SEED_FREE.mostBytes(), SEED_FREE.mostCharacters(), seed);
    float[] weights = new float[labels.size()];
    Arrays.fill(weights, 1);
    WordsModel model = new WordsTrainer(settings, progress).fit(train, weights).model();
    WordsScorer scorer = new WordsScorer(model);
    float[] logits = new float[labels.size()];
    int[] answers = new int[measured.size()];
    for (int row = 0; row < answers.length; row++) {
      scorer.score(measured.get(row).text(), measured.get(row).pair(), logits);
      answers[row] = ExitReading.of(0, logits, 1).label();
    }
    return ClassReport.of(measured.stream().mapToInt(Example::label).toArray(), answers, labels);
  }
}
