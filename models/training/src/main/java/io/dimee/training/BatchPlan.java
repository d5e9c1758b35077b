package io.dimee.training;

import io.dimee.calibration.data.EncodedExample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Order of the steps of one epoch. Rows are shuffled, sorted by length within buckets of many
 * batches, and the batches are shuffled again: batches need little padding and still differ from
 * epoch to epoch.
 */
final class BatchPlan {
  private static final int BATCHES_PER_BUCKET = 50;

  private BatchPlan() {}

  /** Plans an epoch; the same seed gives the same plan. What does not fill a batch is left out. */
  static List<List<EncodedExample>> epoch(List<EncodedExample> rows, int batchSize, long seed) {
    Random random = new Random(seed);
    List<EncodedExample> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    List<List<EncodedExample>> batches = new ArrayList<>();
    int bucket = batchSize * BATCHES_PER_BUCKET;
    for (int start = 0; start < shuffled.size(); start += bucket) {
      List<EncodedExample> part =
          shuffled.subList(start, Math.min(start + bucket, shuffled.size()));
      part.sort(Comparator.comparingInt(EncodedExample::tokens));
      for (int i = 0; i + batchSize <= part.size(); i += batchSize) {
        batches.add(List.copyOf(part.subList(i, i + batchSize)));
      }
    }
    Collections.shuffle(batches, random);
    return batches;
  }
}
