package io.dimee.calibration.words;

import io.dimee.inference.words.WordsModel;

/**
 * A trained classifier.
 *
 * @param model trained on all rows
 * @param outOfFold what models that were not trained on a row say about it; [rows][classes], in the
 *     order of the rows
 * @param cost the cost that was chosen
 */
@SuppressWarnings("ArrayRecordComponent") // identity of the array is never compared
public record WordsFit(WordsModel model, float[][] outOfFold, double cost) {}
