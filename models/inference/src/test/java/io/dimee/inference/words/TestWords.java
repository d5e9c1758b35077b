package io.dimee.inference.words;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A classifier that knows a few words and is sure of them, and of no other. */
public final class TestWords {
  private static final float WEIGHT = 4;
  private static final List<List<String>> WORDS =
      List.of(
          List.of("awful", "boring", "dull", "worst"), List.of("best", "funny", "moving", "warm"));

  private TestWords() {}

  /** Two classes: 0 for words of blame, 1 for words of praise. */
  public static WordsModel model() {
    Map<Integer, Integer> classes = new TreeMap<>();
    for (int label = 0; label < WORDS.size(); label++) {
      for (String word : WORDS.get(label)) {
        classes.put(hash(word), label);
      }
    }
    int[] hashes = classes.keySet().stream().mapToInt(Integer::intValue).toArray();
    float[] rarities = new float[hashes.length];
    Arrays.fill(rarities, 1);
    float[] weights = new float[2 * hashes.length];
    for (int i = 0; i < hashes.length; i++) {
      int label = classes.get(hashes[i]);
      weights[2 * i + label] = WEIGHT;
      weights[2 * i + 1 - label] = -WEIGHT;
    }
    return WordsModel.of(new NgramVocabulary(hashes, rarities), weights, new float[2]);
  }

  /** Of the word, not of its characters, which other words have too. */
  private static int hash(String word) {
    return Ngrams.of(word).stream()
        .filter(ngram -> ngram.group() == NgramGroup.WORDS)
        .findFirst()
        .orElseThrow()
        .hash();
  }
}
