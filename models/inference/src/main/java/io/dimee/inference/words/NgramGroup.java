package io.dimee.inference.words;

/**
 * Kinds of n-grams. Equal n-grams of two groups are different features, and each group of a text's
 * features is scaled to length 1 by itself.
 */
public enum NgramGroup {
  /** One or two words of the text, or of a pair's first. */
  WORDS(0, 0x3c6ef372),
  /** Two to five characters of the text, or of a pair's first. */
  CHARACTERS(1, 0x1f83d9ab),
  /** One or two words of a pair's second text. */
  SECOND_WORDS(2, 0x510e527f),
  /** Two to five characters of a pair's second text. */
  SECOND_CHARACTERS(3, 0x5be0cd19),
  /** Words that both texts of a pair have, and words that only one of them has. */
  COMPARED(4, 0x2545f491),
  /** How much of a pair's words is in both texts, in steps. */
  OVERLAP(5, 0x6a09e667);

  /** Number of groups. */
  static final int COUNT = 6;

  private final int index;
  private final int seed;

  NgramGroup(int index, int seed) {
    this.index = index;
    this.seed = seed;
  }

  /** From 0 to {@link #COUNT} - 1. */
  int index() {
    return index;
  }

  /** Seed of the hash function; part of the file format. */
  int seed() {
    return seed;
  }
}
