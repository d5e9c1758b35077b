package io.dimee.calibration.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Divides rows in two, each class in the same proportion. Rows with the same text stay together: a
 * duplicate on the other side would make it look easy.
 *
 * @param kept the larger part, in the order of the file
 * @param taken the other part, likewise
 */
record StratifiedSplit(List<Example> kept, List<Example> taken) {
  /**
   * Divides at random.
   *
   * @param size rows to take, about; of every class with two texts or more at least one is taken
   *     and one kept
   */
  static StratifiedSplit of(List<Example> rows, int size, long seed) {
    Map<Long, List<Example>> byText = new LinkedHashMap<>();
    for (Example row : rows) {
      byText.computeIfAbsent(TextKey.of(row.text(), row.pair()), k -> new ArrayList<>()).add(row);
    }
    Map<Integer, List<List<Example>>> byClass = new TreeMap<>();
    for (List<Example> group : byText.values()) {
      byClass.computeIfAbsent(group.get(0).label(), k -> new ArrayList<>()).add(group);
    }
    double share = (double) size / rows.size();
    Random random = new Random(seed);
    Set<Example> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    for (List<List<Example>> groups : byClass.values()) {
      Collections.shuffle(groups, random);
      long wanted = Math.max(1, Math.round(share * rows(groups)));
      long have = 0;
      // the last group stays, whatever the share
      for (List<Example> group : groups.subList(0, groups.size() - 1)) {
        if (have >= wanted) {
          break;
        }
        taken.addAll(group);
        have += group.size();
      }
    }
    return new StratifiedSplit(
        rows.stream().filter(row -> !taken.contains(row)).toList(),
        rows.stream().filter(taken::contains).toList());
  }

  private static long rows(List<List<Example>> groups) {
    return groups.stream().mapToLong(List::size).sum();
  }
}
