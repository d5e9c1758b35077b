package io.dimee.topology.ledger;

import io.dimee.avro.ExitCount;
import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.CalibrationReference;
import io.dimee.inference.bundle.UnknownLabel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/** Entries of the ledger: of one prediction, and of several together. */
public final class LedgerSums {
  /** Length of a window. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  private LedgerSums() {}

  /**
   * The entry of one prediction.
   *
   * @param written the time of its record, which decides its window. Not predicted_at: brokers
   *     refuse records from the future, but know nothing of that field
   */
  public static LedgerEntry of(Prediction prediction, Instant written) {
    Instant start =
        Instant.ofEpochMilli(
            Math.floorDiv(written.toEpochMilli(), WINDOW.toMillis()) * WINDOW.toMillis());
    List<Long> confidences =
        new ArrayList<>(Collections.nCopies(CalibrationReference.CONFIDENCE_BINS, 0L));
    confidences.set(CalibrationReference.confidenceBin(prediction.getConfidence()), 1L);
    boolean labelled = prediction.getGold() != null && prediction.getLabel() != UnknownLabel.INDEX;
    boolean right = labelled && prediction.getGold() == prediction.getLabel();
    return LedgerEntry.newBuilder()
        .setWindowStart(start)
        .setWindowEnd(start.plus(WINDOW))
        .setTier(prediction.getTier())
        .setPool(prediction.getPool())
        .setPolicy(prediction.getPolicy())
        .setModelId(prediction.getModelId())
        .setCount(1)
        .setSpilled(prediction.getSpilled() ? 1 : 0)
        .setCost(prediction.getCost().getTotal())
        .setCloudOnlyCost(prediction.getCost().getCloudOnly())
        .setBytesOffloaded(prediction.getBytesOffloaded())
        .setLayersRun(prediction.getLayersRun())
        .setConfidences(confidences)
        .setExits(
            List.of(
                new ExitCount(prediction.getExitDepth(), 1L, labelled ? 1L : 0L, right ? 1L : 0L)))
        .build();
  }

  /** What agrees in all but the window: what an entry is found by. */
  public static String key(LedgerEntry entry) {
    return String.join(
        "|", entry.getTier().name(), entry.getPool().name(), entry.getPolicy(), entry.getModelId());
  }

  /**
   * Two entries as one: with the first one's tier, pool, policy and model, over both windows.
   *
   * @param sum null for none yet
   */
  public static LedgerEntry plus(LedgerEntry sum, LedgerEntry entry) {
    if (sum == null) {
      return entry;
    }
    return LedgerEntry.newBuilder(sum)
        .setWindowStart(
            entry.getWindowStart().isBefore(sum.getWindowStart())
                ? entry.getWindowStart()
                : sum.getWindowStart())
        .setWindowEnd(
            entry.getWindowEnd().isAfter(sum.getWindowEnd())
                ? entry.getWindowEnd()
                : sum.getWindowEnd())
        .setCount(sum.getCount() + entry.getCount())
        .setSpilled(sum.getSpilled() + entry.getSpilled())
        .setCost(sum.getCost() + entry.getCost())
        .setCloudOnlyCost(sum.getCloudOnlyCost() + entry.getCloudOnlyCost())
        .setBytesOffloaded(sum.getBytesOffloaded() + entry.getBytesOffloaded())
        .setLayersRun(sum.getLayersRun() + entry.getLayersRun())
        .setConfidences(bins(sum.getConfidences(), entry.getConfidences()))
        .setExits(exits(sum.getExits(), entry.getExits()))
        .build();
  }

  private static List<Long> bins(List<Long> one, List<Long> other) {
    List<Long> sums = new ArrayList<>(Collections.nCopies(Math.max(one.size(), other.size()), 0L));
    for (List<Long> bins : List.of(one, other)) {
      for (int i = 0; i < bins.size(); i++) {
        sums.set(i, sums.get(i) + bins.get(i));
      }
    }
    return sums;
  }

  private static List<ExitCount> exits(List<ExitCount> one, List<ExitCount> other) {
    TreeMap<Integer, ExitCount> sums = new TreeMap<>();
    for (List<ExitCount> exits : List.of(one, other)) {
      for (ExitCount exit : exits) {
        sums.merge(
            exit.getDepth(),
            exit,
            (a, b) ->
                new ExitCount(
                    a.getDepth(),
                    a.getCount() + b.getCount(),
                    a.getLabelled() + b.getLabelled(),
                    a.getRight() + b.getRight()));
      }
    }
    return List.copyOf(sums.values());
  }
}
