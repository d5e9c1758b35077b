package io.dimee.inference.words;

import io.dimee.inference.bundle.InvalidBundleException;
import java.util.Arrays;

/**
 * The n-grams that a model knows, and how rare each is. A feature is an n-gram's place in ascending
 * order of the hashes. Immutable.
 */
public final class NgramVocabulary {
  private static final int LEAST_TABLE = 4;
  private static final int SPREAD = 0x9e3779b1;

  private final int[] hashes;
  private final float[] rarities;

  /**
   * Open addressing, at most half full: a feature + 1 in the upper half and its hash in the lower,
   * so that most look-ups touch one place; or 0.
   */
  private final long[] table;

  private final int shift;

  /**
   * Creates a vocabulary.
   *
   * @param hashes as {@link NgramReader} makes them, ascending, each once; [features]
   * @param rarities inverse document frequencies, greater than 0; [features]
   * @throws InvalidBundleException when they are none
   */
  public NgramVocabulary(int[] hashes, float[] rarities) {
    if (hashes.length != rarities.length) {
      throw new InvalidBundleException(
          "%d n-grams have %d inverse document frequencies"
              .formatted(hashes.length, rarities.length));
    }
    for (int i = 0; i < hashes.length; i++) {
      if (hashes[i] < 0
          || hashes[i] >>> NgramReader.HASH_BITS != 0
          || (i > 0 && hashes[i] <= hashes[i - 1])) {
        throw new InvalidBundleException(
            "n-gram %d has the hash %d, which is not %d bits and more than the one before"
                .formatted(i, hashes[i], NgramReader.HASH_BITS));
      }
      if (!(rarities[i] > 0 && rarities[i] < Float.POSITIVE_INFINITY)) {
        throw new InvalidBundleException(
            "n-gram %d has the inverse document frequency %s, which is not greater than 0"
                .formatted(i, rarities[i]));
      }
    }
    this.hashes = hashes.clone();
    this.rarities = rarities.clone();
    int bits =
        Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(LEAST_TABLE, 2 * hashes.length) - 1);
    this.table = new long[1 << bits];
    this.shift = Integer.SIZE - bits;
    for (int feature = 0; feature < hashes.length; feature++) {
      int at = slot(hashes[feature]);
      while (table[at] != 0) {
        at = (at + 1) & (table.length - 1);
      }
      table[at] = ((feature + 1L) << Integer.SIZE) | hashes[feature];
    }
  }

  private int slot(int hash) {
    return (hash * SPREAD) >>> shift;
  }

  /** Number of features. */
  public int size() {
    return hashes.length;
  }

  /** The feature of an n-gram, or -1 when it is not known. */
  int find(int hash) {
    int at = slot(hash);
    while (table[at] != 0 && (int) table[at] != hash) {
      at = (at + 1) & (table.length - 1);
    }
    return (int) (table[at] >>> Integer.SIZE) - 1;
  }

  /** Inverse document frequency of a feature. */
  float rarity(int feature) {
    return rarities[feature];
  }

  int hash(int feature) {
    return hashes[feature];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NgramVocabulary that
        && Arrays.equals(hashes, that.hashes)
        && Arrays.equals(rarities, that.rarities);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hashes);
  }
}
