package io.dimee.inference.words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects what a reader finds. */
final class Ngrams {
  private Ngrams() {}

  record Ngram(NgramGroup group, int hash) {}

  static List<Ngram> of(String text, String pair) {
    List<Ngram> found = new ArrayList<>();
    new NgramReader().read(text, pair, (group, hash) -> found.add(new Ngram(group, hash)));
    return found;
  }

  static List<Ngram> of(String text) {
    return of(text, null);
  }

  /** A vocabulary of all n-grams of some texts, equally rare. */
  static NgramVocabulary vocabulary(String... texts) {
    int[] hashes =
        List.of(texts).stream()
            .flatMap(text -> of(text).stream())
            .mapToInt(Ngram::hash)
            .distinct()
            .sorted()
            .toArray();
    float[] rarities = new float[hashes.length];
    Arrays.fill(rarities, 1);
    return new NgramVocabulary(hashes, rarities);
  }
}
