package io.dimee.calibration.data;

/**
 * One labelled text, or pair of texts.
 *
 * @param text the text, or the first of a pair
 * @param pair the second text, or null
 * @param label index of the class; -1 for a row of no class
 * @param line where it stands in its file, counted from 1
 */
public record Example(String text, String pair, int label, long line) {}
