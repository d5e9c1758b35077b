package io.dimee.calibration.words;

import io.dimee.calibration.data.Example;
import io.dimee.inference.words.NgramReader;
import io.dimee.inference.words.NgramVocabulary;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses the n-grams of a model: those that stand in at least two rows, and of them the ones in
 * most rows.
 */
final class VocabularyFit {
  private static final int FEWEST_ROWS = 2;
  private static final int FIRST_CAPACITY = 1 << 12;

  private final int[] rowsWith = new int[1 << NgramReader.HASH_BITS];
  private int[] ngrams = new int[FIRST_CAPACITY];
  private int size;

  private VocabularyFit() {}

  /**
   * Chooses.
   *
   * @param most n-grams to keep
   */
  static NgramVocabulary fit(List<Example> rows, int most) {
    VocabularyFit fit = new VocabularyFit();
    NgramReader reader = new NgramReader();
    for (Example row : rows) {
      fit.size = 0;
      reader.read(row.text(), row.pair(), (group, hash) -> fit.add(hash));
      fit.countRow();
    }
    return fit.vocabulary(rows.size(), most);
  }

  private void add(int hash) {
    if (size == ngrams.length) {
      ngrams = Arrays.copyOf(ngrams, 2 * size);
    }
    ngrams[size++] = hash;
  }

  private void countRow() {
    Arrays.sort(ngrams, 0, size);
    for (int i = 0; i < size; i++) {
      if (i == 0 || ngrams[i] != ngrams[i - 1]) {
        rowsWith[ngrams[i]]++;
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
    for (int count : rowsWith) {
      ngramsIn[count]++;
    }
    int left = most;
    int fewest = rows + 1;
    while (fewest > FEWEST_ROWS && ngramsIn[fewest - 1] <= left) {
      fewest--;
      left -= ngramsIn[fewest];
    }
    int partly = fewest > FEWEST_ROWS ? fewest - 1 : rows + 1;
    int[] hashes = new int[most];
    int kept = 0;
    for (int hash = 0; hash < rowsWith.length; hash++) {
      if (rowsWith[hash] >= fewest || (rowsWith[hash] == partly && left-- > 0)) {
        hashes[kept++] = hash;
      }
    }
    return Arrays.copyOf(hashes, kept);
  }
}
