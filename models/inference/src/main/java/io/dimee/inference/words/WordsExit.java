package io.dimee.inference.words;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.InvalidBundleException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The exit at depth 0: answers from words alone, before any layer runs. Safe for several threads,
 * each of which gets a scorer of its own.
 */
public final class WordsExit {
  private final Exit exit;
  private final int classes;
  private final ThreadLocal<WordsScorer> scorers;

  /**
   * Creates an exit.
   *
   * @param exit temperature and thresholds
   */
  public WordsExit(WordsModel model, Exit exit) {
    this.exit = exit;
    this.classes = model.classes();
    this.scorers = ThreadLocal.withInitial(() -> new WordsScorer(model));
  }

  /**
   * The exit of a bundle, empty where it has none.
   *
   * @throws InvalidBundleException when its file is damaged or has other classes
   */
  public static Optional<WordsExit> of(Bundle bundle) {
    return bundle.manifest().wordsExit().map(exit -> new WordsExit(model(bundle), exit));
  }

  /**
   * The classifier of a bundle that has such an exit.
   *
   * @throws InvalidBundleException when its file is damaged or has other classes
   */
  public static WordsModel model(Bundle bundle) {
    Path file = bundle.directory().resolve(Bundle.WORDS);
    WordsModel model;
    try {
      model = WordsModel.read(file);
    } catch (IOException e) {
      throw new InvalidBundleException("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
    int labels = bundle.manifest().labels().size();
    if (model.classes() != labels) {
      throw new InvalidBundleException(
          "%s has %d classes, the manifest %d labels".formatted(file, model.classes(), labels));
    }
    return model;
  }

  /**
   * Scores of an event; [classes].
   *
   * @param pair the second text of a pair, or null
   */
  public float[] scores(String text, String pair) {
    float[] scores = new float[classes];
    scorers.get().score(text, pair, scores);
    return scores;
  }

  /** Reads the scores of an event. */
  public ExitReading read(float[] scores) {
    return exit.read(scores);
  }

  /** Whether a reading is confident enough to answer. */
  public boolean answers(ExitReading reading) {
    return exit.answers(reading);
  }
}
