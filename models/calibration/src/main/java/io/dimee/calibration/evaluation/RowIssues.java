package io.dimee.calibration.evaluation;

import io.dimee.calibration.data.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Rows to train on that are worth a look for another reason than their label. */
public final class RowIssues {
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  /** Of Tukey's outer fence, in distances of the quartiles. */
  private static final double REACH = 3;

  private RowIssues() {}

  /**
   * A row with the same words as an earlier one, in another order, number, case or punctuation.
   *
   * @param first the earlier row
   */
  public record NearDuplicate(Example row, Example first) {
    /** Whether the two have different labels. */
    public boolean isConflict() {
      return row.label() != first.label();
    }
  }

  /** Finds near duplicates; those whose labels differ come first. */
  public static List<NearDuplicate> nearDuplicates(List<Example> rows) {
    Map<List<String>, Example> seen = new HashMap<>();
    List<NearDuplicate> conflicts = new ArrayList<>();
    List<NearDuplicate> others = new ArrayList<>();
    for (Example row : rows) {
      List<String> words = words(row);
      // symbols alone are no words to compare
      Example first = words.isEmpty() ? null : seen.putIfAbsent(words, row);
      if (first != null) {
        NearDuplicate found = new NearDuplicate(row, first);
        (found.isConflict() ? conflicts : others).add(found);
      }
    }
    conflicts.addAll(others);
    return List.copyOf(conflicts);
  }

  private static List<String> words(Example row) {
    Set<String> words = new TreeSet<>();
    add(words, row.text(), "");
    if (row.pair() != null) {
      // a word of the second text is another one than the same of the first
      add(words, row.pair(), "\t");
    }
    return List.copyOf(words);
  }

  private static void add(Set<String> words, String text, String prefix) {
    NO_WORD
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .forEach(word -> words.add(prefix + word));
  }

  /**
   * A row that no class lays claim to.
   *
   * @param score the highest that a class gives it
   */
  public record Outlier(Example row, double score) {}

  /**
   * Finds rows whose highest score lies far below that of other rows: beyond the lower outer fence
   * of Tukey's box plot, at three times the distance of the quartiles.
   *
   * @param logits of classifiers that have not seen the row, one class against the others;
   *     [rows][classes]
   * @return the lowest score first
   */
  public static List<Outlier> outliers(List<Example> rows, float[][] logits) {
    double[] highest = Arrays.stream(logits).mapToDouble(RowIssues::highest).toArray();
    double[] sorted = highest.clone();
    Arrays.sort(sorted);
    double quarter = sorted[sorted.length / 4];
    double fence = quarter - REACH * (sorted[3 * sorted.length / 4] - quarter);
    return IntStream.range(0, highest.length)
        .filter(row -> highest[row] < fence)
        .mapToObj(row -> new Outlier(rows.get(row), highest[row]))
        .sorted(Comparator.comparingDouble(Outlier::score))
        .toList();
  }

  private static double highest(float[] scores) {
    double highest = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      highest = Math.max(highest, score);
    }
    return highest;
  }
}
