package io.dimee.inference.exits;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Cuts works into batches of like length, so that they take the least time: a run costs a little by
 * itself, and then as much as its tokens, padding included. One wide batch of few works would be
 * half padding.
 */
public final class BatchPlanner {
  private final int tokenBudget;
  private final int runTokens;

  /**
   * Creates a planner.
   *
   * @param tokenBudget most tokens of a batch, padding included; a longer single work is a batch of
   *     its own
   * @param runTokens tokens that would take as long as what a run costs by itself
   */
  public BatchPlanner(int tokenBudget, int runTokens) {
    this.tokenBudget = tokenBudget;
    this.runTokens = runTokens;
  }

  /** Cuts works into batches of least cost, the longest works first. */
  public <T> List<List<T>> plan(List<T> works, ToIntFunction<T> tokens) {
    List<T> sorted = new ArrayList<>(works);
    sorted.sort(Comparator.comparingInt(tokens).reversed());
    int count = sorted.size();
    // costs[end]: of the first works of the order, up to end, cut as well as they can be
    long[] costs = new long[count + 1];
    int[] starts = new int[count + 1];
    for (int end = 1; end <= count; end++) {
      costs[end] = Long.MAX_VALUE;
    }
    for (int start = 0; start < count; start++) {
      // the first of a batch is its longest: it sets the width
      int width = tokens.applyAsInt(sorted.get(start));
      int most = Math.min(count, start + Math.max(1, tokenBudget / width));
      for (int end = start + 1; end <= most; end++) {
        long cost = costs[start] + runTokens + (long) (end - start) * width;
        if (cost < costs[end]) {
          costs[end] = cost;
          starts[end] = start;
        }
      }
    }
    List<List<T>> batches = new ArrayList<>();
    for (int end = count; end > 0; end = starts[end]) {
      batches.add(sorted.subList(starts[end], end));
    }
    Collections.reverse(batches);
    return batches;
  }
}
