package io.dimee.calibration.words;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.fit.TemperatureScaling;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.inference.words.NgramReader;
import io.dimee.inference.words.NgramVocabulary;
import io.dimee.inference.words.WordsModel;
import io.dimee.inference.words.WordsScorer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Trains the n-gram classifier. The same rows, weights and settings give the same model. Holds 64
 * MB. For one caller at a time.
 */
public final class WordsTrainer {
  /** Rows that the cost is chosen on, so that choosing takes no longer than training. */
  private static final int MOST_TO_CHOOSE_ON = 4_000;

  private static final int PARTS_TO_CHOOSE_ON = 4;
  private static final int MOST_FEATURES = 1 << 18;

  private final WordsSettings settings;
  private final TrainingProgress progress;
  private final VocabularyFit vocabularies = new VocabularyFit();
  private long done;

  /**
   * Creates a trainer.
   *
   * @param progress told of each model that was trained
   */
  public WordsTrainer(WordsSettings settings, TrainingProgress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Trains a model on all rows, and one for each fold.
   *
   * @param rows with labels from 0 to the classes - 1
   * @param weights what a wrong row of each class costs, or empty where all cost alike
   * @throws DataException when there are too few rows for the folds
   */
  public WordsFit fit(List<Example> rows, int classes, List<Double> weights) {
    float[] classWeights = classWeights(classes, weights);
    if (rows.size() < settings.folds()) {
      throw new DataException(
          "%d rows are too few for %d folds".formatted(rows.size(), settings.folds()));
    }
    progress.start(settings.costs().size() + settings.folds() + 1, 0);
    done = 0;
    double cost = choose(rows, classWeights);
    float[][] outOfFold = new float[rows.size()][classWeights.length];
    Folds folds = Folds.of(rows, settings.folds(), settings.seed());
    List<WordsModel> models =
        inParallel(
            settings.folds() + 1,
            part ->
                train(
                    part == settings.folds() ? rows : rows(rows, folds.outside(part)),
                    cost,
                    classWeights));
    for (int part = 0; part < settings.folds(); part++) {
      WordsScorer scorer = new WordsScorer(models.get(part));
      for (int row : folds.in(part)) {
        scorer.score(rows.get(row).text(), rows.get(row).pair(), outOfFold[row]);
      }
    }
    progress.end();
    return new WordsFit(models.get(settings.folds()), outOfFold, cost);
  }

  /** LIBLINEAR has one thread; models do not depend on each other. */
  private static List<WordsModel> inParallel(int models, IntFunction<WordsModel> train) {
    return IntStream.range(0, models).parallel().mapToObj(train).toList();
  }

  /**
   * Trains a model on all rows, and none for folds.
   *
   * @param rows with labels from 0 to the classes - 1
   * @param weights what a wrong row of each class costs, or empty where all cost alike
   */
  public WordsModel train(List<Example> rows, int classes, List<Double> weights) {
    float[] classWeights = classWeights(classes, weights);
    progress.start(settings.costs().size() + 1L, 0);
    done = 0;
    WordsModel model = train(rows, choose(rows, classWeights), classWeights);
    progress.end();
    return model;
  }

  private static float[] classWeights(int classes, List<Double> weights) {
    float[] classWeights = new float[classes];
    for (int label = 0; label < classes; label++) {
      classWeights[label] = weights.isEmpty() ? 1 : weights.get(label).floatValue();
    }
    return classWeights;
  }

  private WordsModel train(List<Example> rows, double cost, float[] classWeights) {
    return train(prepare(rows, classWeights.length), cost, classWeights);
  }

  private WordsModel train(LinearFit prepared, double cost, float[] classWeights) {
    WordsModel model = prepared.fit(cost, classWeights, settings.seed());
    step();
    return model;
  }

  private synchronized void step() {
    progress.step(++done, Double.NaN);
  }

  /** One after the other: the counts of all n-grams are in one place. */
  private synchronized LinearFit prepare(List<Example> rows, int classes) {
    int most = Math.min(MOST_FEATURES, settings.mostBytes() / WordsModel.bytesPerFeature(classes));
    long characters = rows.stream().mapToLong(WordsTrainer::characters).sum();
    List<Example> some = oneIn(ceilDivide(characters, settings.mostCharacters()), rows);
    NgramVocabulary vocabulary = vocabularies.fit(some, most);
    return new LinearFit(vocabulary, some, classes);
  }

  private static int characters(Example row) {
    int second = row.pair() == null ? 0 : row.pair().length();
    return Math.min(NgramReader.LONGEST, row.text().length())
        + Math.min(NgramReader.LONGEST, second);
  }

  private static long ceilDivide(long value, long by) {
    return (value + by - 1) / by;
  }

  /** One row in so many, of each class. */
  private List<Example> oneIn(long parts, List<Example> rows) {
    return parts <= 1
        ? rows
        : rows(rows, Folds.of(rows, Math.toIntExact(parts), settings.seed() + 1).in(0));
  }

  /**
   * The cost whose probabilities, at their best temperature, are the likeliest on rows held out.
   */
  private double choose(List<Example> rows, float[] classWeights) {
    List<Example> sample = oneIn(ceilDivide(rows.size(), MOST_TO_CHOOSE_ON), rows);
    Folds folds = Folds.of(sample, PARTS_TO_CHOOSE_ON, settings.seed() + 2);
    LinearFit prepared = prepare(rows(sample, folds.outside(0)), classWeights.length);
    List<Example> heldOut = rows(sample, folds.in(0));
    int[] labels = heldOut.stream().mapToInt(Example::label).toArray();
    List<WordsModel> models =
        inParallel(
            settings.costs().size(),
            tried -> train(prepared, settings.costs().get(tried), classWeights));
    double best = settings.costs().get(0);
    double least = Double.POSITIVE_INFINITY;
    for (int tried = 0; tried < models.size(); tried++) {
      WordsScorer scorer = new WordsScorer(models.get(tried));
      float[][] logits = new float[labels.length][classWeights.length];
      for (int row = 0; row < labels.length; row++) {
        scorer.score(heldOut.get(row).text(), heldOut.get(row).pair(), logits[row]);
      }
      double loss = TemperatureScaling.loss(logits, labels);
      if (loss < least) {
        least = loss;
        best = settings.costs().get(tried);
      }
    }
    return best;
  }

  private static List<Example> rows(List<Example> rows, int[] places) {
    return Arrays.stream(places).mapToObj(rows::get).toList();
  }
}
