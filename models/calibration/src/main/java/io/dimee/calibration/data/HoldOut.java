package io.dimee.calibration.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Divides a training set into a part to train on and a part to calibrate on.
 *
 * <p>SST-2's training rows are the phrases of parsed sentences, its dev rows whole sentences. So
 * only texts that are part of no other text are held out, and every phrase of a held-out text
 * leaves the training part: phrases that the model was trained on would make the held-out sentences
 * look easy.
 *
 * @param train rows to train on
 * @param heldOut rows to calibrate on
 */
public record HoldOut(List<Example> train, List<Example> heldOut) {
  /** Longest span of words that is looked up; longer texts are compared whole. */
  private static final int LONGEST_SPAN = 64;

  /**
   * Divides at random.
   *
   * @param size rows to hold out; at most a third of the candidates is taken
   */
  public static HoldOut split(List<Example> examples, int size, long seed) {
    List<Example> candidates = wholeTexts(examples);
    Collections.shuffle(candidates, new Random(seed));
    List<Example> heldOut = candidates.subList(0, Math.min(size, candidates.size() / 3));
    Set<String> spans = new HashSet<>();
    for (Example example : heldOut) {
      addSpans(example, spans);
      spans.add(normalized(example));
    }
    List<Example> train = examples.stream().filter(e -> !spans.contains(normalized(e))).toList();
    if (heldOut.isEmpty() || train.isEmpty()) {
      throw new DataException(
          "%d rows are too few to hold some out for calibration".formatted(examples.size()));
    }
    return new HoldOut(train, List.copyOf(heldOut));
  }

  private static List<Example> wholeTexts(List<Example> examples) {
    Set<String> parts = new HashSet<>();
    for (Example example : examples) {
      addSpans(example, parts);
    }
    List<Example> whole = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Example example : examples) {
      String text = normalized(example);
      if (!parts.contains(text) && seen.add(text)) {
        whole.add(example);
      }
    }
    return whole;
  }

  /** Adds every run of words that is a proper part of the text; a pair has no parts. */
  private static void addSpans(Example example, Set<String> spans) {
    if (example.pair() != null) {
      return;
    }
    String[] words = normalized(example).split(" ", -1);
    int longest = Math.min(words.length - 1, LONGEST_SPAN);
    for (int start = 0; start < words.length; start++) {
      StringBuilder span = new StringBuilder();
      for (int end = start; end < words.length && end - start < longest; end++) {
        span.append(span.isEmpty() ? "" : " ").append(words[end]);
        spans.add(span.toString());
      }
    }
  }

  static String normalized(Example example) {
    return example.pair() == null
        ? normalized(example.text())
        : normalized(example.text()) + "\t" + normalized(example.pair());
  }

  private static String normalized(String text) {
    return text.strip().toLowerCase(Locale.ROOT).replaceAll(" +", " ");
  }
}
