package io.dimee.calibration.words;

import io.dimee.calibration.data.Example;
import io.dimee.inference.words.NgramReader;
import io.dimee.inference.words.NgramVocabulary;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses the n-grams of a model: those that stand in at least two rows, and of them the ones in
 * most rows. Reused, because its counters take 64 MB; not thread-safe.
 */
final class VocabularyFit {
  private static final int FEWEST_ROWS = 2;
  private static final int FIRST_CAPACITY = 1 << 12;

  /** By hash; all 0 between two calls. */
  private final int[] rowsWith = new int[1 << NgramReader.HASH_BITS];

  private final NgramReader reader = new NgramReader();
  private int[] ofRow = new int[FIRST_CAPACITY];
  private int inRow;
  private int[] distinct = new int[FIRST_CAPACITY];
  private int size;

  /**
   * Chooses.
   *
   * @param most n-grams to keep
   */
  NgramVocabulary fit(List<Example> rows, int most) {
    size = 0;
    for (Example row : rows) {
      inRow = 0;
      reader.read(row.text(), row.pair(), (group, hash) -> add(hash));
      countRow();
    }
    Arrays.sort(distinct, 0, size);
    NgramVocabulary vocabulary = vocabulary(rows.size(), most);
    for (int i = 0; i < size; i++) {
      rowsWith[distinct[i]] = 0;
    }
    return vocabulary;
  }

  private void add(int hash) {
    if (inRow == ofRow.length) {
      ofRow = Arrays.copyOf(ofRow, 2 * inRow);
    }
    ofRow[inRow++] = hash;
  }

  private void countRow() {
    Arrays.sort(ofRow, 0, inRow);
    for (int i = 0; i < inRow; i++) {
      int hash = ofRow[i];
      if (i > 0 && hash == ofRow[i - 1]) {
        continue;
      }
      if (rowsWith[hash]++ == 0) {
        if (size == distinct.length) {
          distinct = Arrays.copyOf(distinct, 2 * size);
        }
        distinct[size++] = hash;
      }
    }
  }

  private NgramVocabulary vocabulary(int rows, int most) {
    int[] hashes = kept(rows, most);
    float[] rarities = new float[hashes.length];
    for (int i = 0; i < hashes.length; i++) {
      // smoothed: as if one more row had every n-gram
      rarities[i] = (float) (1 + Math.log((1.0 + rows) / (1 + rowsWith[hashes[i]])));
    }
    return new NgramVocabulary(hashes, rarities);
  }

  private int[] kept(int rows, int most) {
    int[] ngramsIn = new int[rows + 1];
    for (int i = 0; i < size; i++) {
      ngramsIn[rowsWith[distinct[i]]]++;
    }
    int left = most;
    int fewest = rows + 1;
    while (fewest > FEWEST_ROWS && ngramsIn[fewest - 1] <= left) {
      fewest--;
      left -= ngramsIn[fewest];
    }
    int partly = fewest > FEWEST_ROWS ? fewest - 1 : rows + 1;
    int[] hashes = new int[Math.min(most, size)];
    int kept = 0;
    for (int i = 0; i < size; i++) {
      int count = rowsWith[distinct[i]];
      if (count >= fewest || (count == partly && left-- > 0)) {
        hashes[kept++] = distinct[i];
      }
    }
    return Arrays.copyOf(hashes, kept);
  }
}
