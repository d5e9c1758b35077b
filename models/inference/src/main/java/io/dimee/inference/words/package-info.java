/**
 * Answers from words alone, before any layer: a linear classifier on n-grams. A text goes through
 * it one way: {@link io.dimee.inference.words.NgramReader} finds its n-grams, {@link
 * io.dimee.inference.words.TextFeatures} keeps and weighs those that the {@link
 * io.dimee.inference.words.NgramVocabulary} knows, and {@link io.dimee.inference.words.WordsScorer}
 * adds up the weights that a {@link io.dimee.inference.words.WordsModel} gives them.
 *
 * <p>A model is a file of at most a few megabytes. {@code io.dimee.calibration.words} trains it.
 */
package io.dimee.inference.words;
