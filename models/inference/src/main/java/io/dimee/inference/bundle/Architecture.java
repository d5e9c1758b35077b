package io.dimee.inference.bundle;

/**
 * Extents of a BERT encoder.
 *
 * @param layers encoder layers, L
 * @param hidden hidden size
 * @param heads attention heads
 * @param intermediate size of the feed-forward layer
 * @param vocabulary rows of the word-piece embedding
 * @param positions longest sequence, in tokens
 */
public record Architecture(
    int layers, int hidden, int heads, int intermediate, int vocabulary, int positions) {
  /** Added to the variance by every LayerNorm of BERT. */
  public static final float LAYER_NORM_EPSILON = 1e-12f;
}
