package io.dimee.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts works into batches of like length, so that little is padded. */
final class BatchPlanner {
  private final int tokenBudget;

  /**
   * Creates a planner.
   *
   * @param tokenBudget most tokens of a batch, padding included; a longer single work is a batch of
   *     its own
   */
  BatchPlanner(int tokenBudget) {
    this.tokenBudget = tokenBudget;
  }

  <T> List<List<T>> plan(List<T> works, ToIntFunction<T> tokens) {
    List<T> sorted = new ArrayList<>(works);
    sorted.sort(Comparator.comparingInt(tokens).reversed());
    List<List<T>> batches = new ArrayList<>();
    int start = 0;
    while (start < sorted.size()) {
      // the first of a batch is its longest: it sets the width
      int rows = Math.max(1, tokenBudget / tokens.applyAsInt(sorted.get(start)));
      int end = Math.min(sorted.size(), start + rows);
      batches.add(sorted.subList(start, end));
      start = end;
    }
    return batches;
  }
}
