package io.dimee.inference.words;

/** Takes the n-grams of a text. */
@FunctionalInterface
public interface NgramSink {
  /**
   * Takes one n-gram; one that stands in the text twice comes twice.
   *
   * @param hash {@link NgramReader#HASH_BITS} bits
   */
  void ngram(NgramGroup group, int hash);
}
