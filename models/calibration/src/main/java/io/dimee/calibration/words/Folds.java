package io.dimee.calibration.words;

import io.dimee.calibration.data.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Rows divided into parts of about the same size and mix of classes. Rows of the same text are in
 * the same part, so that no model is asked about a text that it has seen.
 *
 * @param parts of each row; [rows]
 */
@SuppressWarnings("ArrayRecordComponent") // identity of the array is never compared
record Folds(int[] parts) {
  /** Divides at random. */
  static Folds of(List<Example> rows, int folds, long seed) {
    Map<String, List<Integer>> sameText = new HashMap<>();
    List<List<Integer>> groups = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      sameText
          .computeIfAbsent(
              key(rows.get(i)),
              key -> {
                List<Integer> group = new ArrayList<>();
                groups.add(group);
                return group;
              })
          .add(i);
    }
    Collections.shuffle(groups, new Random(seed));
    int classes = 1 + rows.stream().mapToInt(Example::label).max().orElse(0);
    int[] next = new int[classes];
    int[] parts = new int[rows.size()];
    for (List<Integer> group : groups) {
      // Classes begin in different parts, or the first part would hold all classes of one row.
      int label = rows.get(group.get(0)).label();
      int part = (label + next[label]++) % folds;
      group.forEach(row -> parts[row] = part);
    }
    return new Folds(parts);
  }

  private static String key(Example row) {
    return key(row.text()) + '\t' + (row.pair() == null ? "" : key(row.pair()));
  }

  private static String key(String text) {
    return text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
  }

  /** Places of the rows that are in a part. */
  int[] in(int part) {
    return places(part, true);
  }

  /** Places of the rows that are in another part. */
  int[] outside(int part) {
    return places(part, false);
  }

  private int[] places(int part, boolean in) {
    int[] places = new int[parts.length];
    int size = 0;
    for (int row = 0; row < parts.length; row++) {
      if ((parts[row] == part) == in) {
        places[size++] = row;
      }
    }
    return Arrays.copyOf(places, size);
  }
}
