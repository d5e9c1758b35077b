/**
 * Trains the classifier that answers from words alone. {@link
 * io.dimee.calibration.words.WordsTrainer} is where to start: it divides the rows into folds,
 * {@link io.dimee.calibration.words.VocabularyFit} chooses the n-grams, {@link
 * io.dimee.calibration.words.LinearFit} finds their weights, and a {@link
 * io.dimee.calibration.words.WordsFit} is the outcome: a model, and what models that had not seen a
 * row say about it. Labels are doubted by the latter.
 */
package io.dimee.calibration.words;
