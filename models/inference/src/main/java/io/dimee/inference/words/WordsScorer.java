package io.dimee.inference.words;

/**
 * Applies a model to one text after the other. Owns what it needs for that, so that a text costs no
 * memory beyond Unicode's normalization of one that is not in ASCII. Not thread-safe: one a thread.
 */
public final class WordsScorer {
  private final WordsModel model;
  private final TextFeatures features;

  /** Creates a scorer. */
  public WordsScorer(WordsModel model) {
    this.model = model;
    this.features = new TextFeatures(model.vocabulary());
  }

  /**
   * Scores a text.
   *
   * @param pair the second text of a pair, or null
   * @param logits receives a score a class; [classes]
   */
  public void score(String text, String pair, float[] logits) {
    features.read(text, pair);
    model.start(logits);
    for (int i = 0; i < features.size(); i++) {
      model.add(features.feature(i), features.value(i), logits);
    }
  }
}
