package io.dimee.inference.words;

import java.util.Arrays;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Finds the n-grams of a text: one and two words, where a punctuation mark or symbol is a word too,
 * and two to five characters of what stands between spaces, the spaces included. A language without
 * spaces is read by its characters.
 *
 * <p>An n-gram is the lower bits of the 32-bit MurmurHash3 (x86) of its UTF-8 bytes, seeded by its
 * {@link NgramGroup}. This is part of the file format: models that exist depend on it.
 *
 * <p>Reused from text to text; not thread-safe. Work and memory are bounded: of each text the first
 * {@value #LONGEST} UTF-16 units are read.
 */
public final class NgramReader {
  /** Bits of a hash that count. */
  public static final int HASH_BITS = 24;

  /** UTF-16 units of a text that are read. */
  public static final int LONGEST = NormalText.LONGEST;

  private static final int MASK = (1 << HASH_BITS) - 1;
  private static final int SHORTEST_NGRAM = 2;
  private static final int LONGEST_NGRAM = 5;
  private static final int OVERLAP_STEPS = 10;

  /** Tell a word of one text only from the same word in both. */
  private static final int ONLY_FIRST = 0x9e3779;

  private static final int ONLY_SECOND = 0x7f4a7c;

  /** Tells the share of all words from the share of the shorter text's. */
  private static final int OF_SHORTER = 1 << 8;

  private final NormalText text = new NormalText();
  private final byte[] words = new byte[text.bytes().length + LONGEST];
  private final int[] first = new int[LONGEST];
  private final int[] second = new int[LONGEST];

  /**
   * Hands a text's n-grams to a sink, always in the same order.
   *
   * @param pair the second text of a pair, or null
   */
  public void read(String of, String pair, NgramSink sink) {
    int inFirst =
        read(of, NgramGroup.WORDS, NgramGroup.CHARACTERS, sink, pair == null ? null : first);
    if (pair != null) {
      int inSecond =
          read(pair, NgramGroup.SECOND_WORDS, NgramGroup.SECOND_CHARACTERS, sink, second);
      compare(distinct(first, inFirst), distinct(second, inSecond), sink);
    }
  }

  private int read(
      String of, NgramGroup ofWords, NgramGroup ofCharacters, NgramSink sink, int[] found) {
    text.set(of);
    readCharacters(ofCharacters, sink);
    return readWords(ofWords, sink, found);
  }

  private void readCharacters(NgramGroup group, NgramSink sink) {
    byte[] bytes = text.bytes();
    for (int from = 0; from < text.size(); from++) {
      int start = text.start(from);
      int most = Math.min(LONGEST_NGRAM, text.size() - from);
      for (int length = SHORTEST_NGRAM; length <= most; length++) {
        int last = from + length - 1;
        sink.ngram(group, hash(bytes, start, text.start(last + 1), group.seed()));
        if (text.isSpace(last)) {
          break;
        }
      }
    }
  }

  /** Returns how many words there are, and puts their hashes into {@code found} unless null. */
  private int readWords(NgramGroup group, NgramSink sink, int[] found) {
    int count = 0;
    int previous = -1;
    int end = 0;
    for (int from = 0; from < text.size(); from++) {
      if (text.isSpace(from)) {
        continue;
      }
      int to = from + 1;
      while (text.isInWord(from) && text.isInWord(to)) {
        to++;
      }
      if (count > 0) {
        words[end++] = ' ';
      }
      int length = text.start(to) - text.start(from);
      System.arraycopy(text.bytes(), text.start(from), words, end, length);
      sink.ngram(group, hash(words, end, end + length, group.seed()));
      if (count > 0) {
        sink.ngram(group, hash(words, previous, end + length, group.seed()));
      }
      if (found != null) {
        found[count] = hash(words, end, end + length, NgramGroup.COMPARED.seed());
      }
      previous = end;
      end += length;
      from = to - 1;
      count++;
    }
    return count;
  }

  /** Sorts hashes and moves each to the front once; returns how many there are. */
  private static int distinct(int[] hashes, int size) {
    Arrays.sort(hashes, 0, size);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || hashes[i] != hashes[i - 1]) {
        hashes[kept++] = hashes[i];
      }
    }
    return kept;
  }

  private void compare(int inFirst, int inSecond, NgramSink sink) {
    int shared = 0;
    int i = 0;
    int j = 0;
    while (i < inFirst || j < inSecond) {
      if (j == inSecond || (i < inFirst && first[i] < second[j])) {
        sink.ngram(NgramGroup.COMPARED, first[i++] ^ ONLY_FIRST);
      } else if (i == inFirst || second[j] < first[i]) {
        sink.ngram(NgramGroup.COMPARED, second[j++] ^ ONLY_SECOND);
      } else {
        sink.ngram(NgramGroup.COMPARED, first[i++]);
        j++;
        shared++;
      }
    }
    int all = inFirst + inSecond - shared;
    int shorter = Math.min(inFirst, inSecond);
    overlap(step(shared, all), sink);
    overlap(OF_SHORTER + step(shared, shorter), sink);
  }

  private static int step(int part, int whole) {
    return whole == 0 ? 0 : OVERLAP_STEPS * part / whole;
  }

  private static void overlap(int step, NgramSink sink) {
    sink.ngram(NgramGroup.OVERLAP, (NgramGroup.OVERLAP.seed() + step) & MASK);
  }

  private static int hash(byte[] bytes, int from, int to, int seed) {
    return MurmurHash3.hash32x86(bytes, from, to - from, seed) & MASK;
  }
}
